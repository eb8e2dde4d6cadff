import type { RowReport } from '../attempt.ts'
import { checkNumber, InputError } from '../errors.ts'
import { checkPoints, type Points, type PointsLike, points } from '../points/points.ts'
import type { Problem } from '../problem/problem.ts'
import { ownPoints, processTime, vePoints, veTime } from '../problem/process.ts'
import { advice, type Failure, rowReport } from './adaptive-steps.ts'
import { BlockSolver, type Statistics } from './block-solver.ts'
import { similarBlocks } from './blocks.ts'
import { checkEvents, type EventFunction, type EventHit, EventWatch } from './events.ts'
import { checkOptions, type RungeKuttaOptions } from './options.ts'
import { createSegments, extrapolateToZero, type Segment } from './segments.ts'

// places of a step between which zeros of events are looked for
const POINTS = 4

export interface IntegrateOptions extends RungeKuttaOptions {
  /** Times of the problem's own process, in either order. */
  readonly from: number
  readonly to: number
  readonly events?: readonly EventFunction[]
  onStep?(step: Step): void
}

/** One step of one block of rows, in the problem's own time. */
export interface Step {
  readonly block: number
  /** The rows of X in the block. */
  readonly rows: Int32Array
  readonly from: number
  readonly to: number
  /** to − from */
  readonly h: number
  /** The estimated error in units of the tolerance, at most 1. */
  readonly error: number
  /** The places of the rows at a time in the step, shape [rows, d], by the dense output; until the next step is asked for. */
  at(t: number): Points
}

export interface IntegrationResult extends RowReport {
  /** Places at the end, shape [n, d]; NaN in rows that did not get there. */
  readonly values: Points
  /** Where each row ended: at `to`, at an event that stops, or where it failed. */
  readonly times: Float64Array
  /** In the order they were found, block by block. */
  readonly events: readonly EventHit[]
  readonly statistics: Statistics
}

/**
 * The trajectories of the probability-flow ODE through points X at time `from`, followed to time `to`, forward or backward, step by step:
 * an iterable of steps, block after block, whose `result()` does what is left of them.
 *
 * @param X shape [n, d]
 * @throws InputError for options or points that do not fit the problem, a drift that is not linear, a single point mass, or a start at
 * t = 0 for data on points or planes
 * @example
 * const run = integrate(problem, X, { from: 80, to: 0, events: [{ name: 'mid', g: (t, x) => x[0] }] })
 * for (const step of run) console.log(step.block, step.to, step.error)
 * const { values, events, statistics } = run.result()
 */
export function integrate(problem: Problem, X: PointsLike, options: IntegrateOptions): Integration {
  return new Integration(problem, X, options)
}

export class Integration implements Iterable<Step> {
  readonly #problem: Problem
  readonly #options: IntegrateOptions
  readonly #solver: BlockSolver
  readonly #x: Float64Array
  readonly #values: Float64Array
  readonly #times: Float64Array
  readonly #failures = new Map<number, Failure>()
  readonly #stopped = new Set<number>()
  readonly #hits: EventHit[] = []
  readonly #steps: Generator<Step, void, void>

  constructor(problem: Problem, X: PointsLike, options: IntegrateOptions) {
    const { density, dimension, process, law } = problem
    const { from, to, events = [], onStep: _, ...solver } = options
    for (const [name, t] of Object.entries({ from, to })) checkNumber(name, t, 0, process.maximumTime)
    if (law) throw new InputError('the process', process.kind, 'a process with a linear drift')
    if (density.moments.scale === 0) throw new InputError('the data', density.kind, 'more than one point')
    this.#problem = problem
    this.#options = options
    this.#solver = new BlockSolver(dimension, checkOptions(solver))
    checkEvents(events)
    // the caller may go on to change X
    this.#x = vePoints(process, from, checkPoints(X, dimension)).slice()
    this.#values = new Float64Array(this.#x.length).fill(Number.NaN)
    this.#times = new Float64Array(this.#x.length / dimension).fill(from)
    this.#steps = this.#run()
  }

  /** The steps that are left; to stop in between and go on later is allowed. */
  [Symbol.iterator](): Iterator<Step> {
    return { next: () => this.#steps.next() }
  }

  /** Does the steps that are left. */
  result(): IntegrationResult {
    while (!this.#steps.next().done);
    return {
      values: points(this.#values.slice(), this.#problem.dimension),
      times: this.#times.slice(),
      ...rowReport(this.#times.length, this.#failures),
      events: this.#hits.slice(),
      statistics: this.#solver.statistics,
    }
  }

  *#run(): Generator<Step, void, void> {
    const { density, dimension: d, process } = this.#problem
    const { from, to } = this.#options
    const { coordinates, stepSize } = this.#solver.options
    const segments = createSegments(density, coordinates)(veTime(process, from), veTime(process, to))
    let block = 0
    for (const { rows, values: y } of similarBlocks(this.#x, d, density.moments, { stepSize })) {
      for (const segment of segments) {
        segment.enter(segment.start, y)
        yield* this.#follow(segment, segment.from, block, rows, y)
        segment.leave(segment.end, y)
      }
      extrapolateToZero(density, this.#solver, segments[segments.length - 1].end, veTime(process, to), y)
      this.#finish(rows, ownPoints(process, to, y), to)
      block++
    }
  }

  #finish(rows: Int32Array, x: Float64Array, to: number): void {
    const d = this.#problem.dimension
    rows.forEach((row, i) => {
      if (this.#stopped.has(row) || this.#failures.has(row)) return
      this.#values.set(x.subarray(i * d, (i + 1) * d), row * d)
      this.#times[row] = to
    })
  }

  *#follow(
    segment: Segment,
    from: number,
    block: number,
    rows: Int32Array,
    y: Float64Array,
  ): Generator<Step, void, void> {
    const integrator = this.#solver.integrator(y.length)
    const { events = [], onStep } = this.#options
    const state = new Float64Array(y.length)
    let held = Number.NaN
    /** The state at s, computed once for all rows and events that ask for it. */
    const stateAt = (s: number): Float64Array => {
      if (s !== held) integrator.interpolate(s, state)
      held = s
      return state
    }
    const watch = new EventWatch(events, rows.length)
    const value = (e: number, i: number, t: number) =>
      events[e].g(this.#ownTime(t), this.#place(t, segment, stateAt(segment.at(t)), i))

    const steps = integrator.steps(segment.velocity, from, segment.to, y, this.#solver.options)
    state.set(y)
    held = from
    if (events.length > 0) watch.start(segment.time(from), value)
    let outcome = integrator.outcome('success')
    for (;;) {
      const next = steps.next()
      if (next.done) {
        outcome = next.value
        break
      }
      held = Number.NaN
      const [start, end] = integrator.span
      const live = { yes: true }
      const step = this.#step(segment, block, rows, next.value, live)
      if (events.length > 0)
        for (const { event, index, t } of watch.step(timesIn(segment, start, end), value))
          this.#hit(
            event,
            rows[index],
            this.#ownTime(t),
            this.#place(t, segment, stateAt(segment.at(t)), index),
          )
      onStep?.(step)
      yield step
      live.yes = false
      if (rows.every((row) => this.#stopped.has(row))) {
        outcome = integrator.outcome('success')
        break
      }
    }
    this.#solver.count(outcome, rows.length)
    if (outcome.code === 'success') return
    const d = this.#problem.dimension
    if (rows.length === 1) this.#fail(segment, rows[0], outcome)
    else
      for (const [i, row] of rows.entries())
        if (!this.#stopped.has(row) && !this.#failures.has(row))
          yield* this.#follow(segment, outcome.at, block, Int32Array.of(row), y.subarray(i * d, (i + 1) * d))
  }

  #step(
    segment: Segment,
    block: number,
    rows: Int32Array,
    error: number,
    live: { readonly yes: boolean },
  ): Step {
    const integrator = this.#solver.integrator(rows.length * this.#problem.dimension)
    const [from, to] = integrator.span.map((s) => this.#time(segment, s))
    return {
      block,
      rows,
      from,
      to,
      h: to - from,
      error,
      at: (t) => {
        if (!live.yes) throw new InputError('the step', 'over', 'the last one that was asked for')
        checkNumber('t', t, Math.min(from, to), Math.max(from, to))
        const { process, dimension } = this.#problem
        const ve = veTime(process, t)
        const y = new Float64Array(rows.length * dimension)
        integrator.interpolate(t === to ? integrator.span[1] : segment.at(ve), y)
        segment.leave(ve, y)
        return points(ownPoints(process, t, y), dimension)
      },
    }
  }

  /** The problem's own time at s. */
  #time(segment: Segment, s: number): number {
    return this.#ownTime(segment.time(s))
  }

  /** The problem's own time at a time of the VE process. */
  #ownTime(ve: number): number {
    const { from, to } = this.#options
    const { process } = this.#problem
    for (const end of [from, to]) if (ve === veTime(process, end)) return end
    return processTime(process, ve, Math.max(from, to))
  }

  /** The place of row i of a state at a time of the VE process, in the problem's own coordinates. */
  #place(t: number, segment: Segment, state: Float64Array, i: number): Float64Array {
    const { dimension: d, process } = this.#problem
    const x = state.slice(i * d, (i + 1) * d)
    segment.leave(t, x)
    return ownPoints(process, this.#ownTime(t), x)
  }

  #hit(event: EventFunction, row: number, t: number, x: Float64Array): void {
    if (this.#stopped.has(row)) return
    this.#hits.push({ event: event.name, row, t, x: Array.from(x) })
    if (!event.stop) return
    this.#stopped.add(row)
    this.#times[row] = t
    this.#values.set(x, row * x.length)
  }

  #fail(segment: Segment, row: number, outcome: ReturnType<BlockSolver['attempt']>): void {
    if (outcome.code === 'success' || this.#stopped.has(row) || this.#failures.has(row)) return
    this.#times[row] = this.#time(segment, outcome.at)
    this.#failures.set(row, {
      code: outcome.code,
      message: advice(outcome, segment.name, segment.to, this.#solver.options),
    })
  }
}

/** Places of a step, by VE time, between which events are looked for. */
function timesIn(segment: Segment, from: number, to: number): number[] {
  return Array.from({ length: POINTS + 1 }, (_, k) =>
    segment.time(k === POINTS ? to : from + (k / POINTS) * (to - from)),
  )
}
