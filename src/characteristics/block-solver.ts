import type { FlowMixture } from '../kernels/mixture-flow.ts'
import { tableaux } from '../numeric/tableaux/index.ts'
import { advice, type Failure, type Failures, isShort, NO_FAILURES, type Outcome } from './adaptive-steps.ts'
import { Integrator, type Outputs, type Velocity } from './engine.ts'
import { FusedIntegrator } from './fused.ts'
import type { RungeKuttaOptions } from './options.ts'

/** What an integration took. */
export interface Statistics {
  /** Steps of blocks. */
  readonly accepted: number
  readonly rejected: number
  /** Evaluations of the score at one point. */
  readonly evaluations: number
}

/** Integrates blocks of rows with one set of options, keeps the memory for it, and counts steps and evaluations. */
export class BlockSolver {
  readonly options: Required<RungeKuttaOptions>
  readonly #dimension: number
  readonly #integrators = new Map<number, Integrator>()
  #fused: FusedIntegrator | undefined
  readonly #statistics = { accepted: 0, rejected: 0, evaluations: 0 }

  constructor(dimension: number, options: Required<RungeKuttaOptions>) {
    this.#dimension = dimension
    this.options = options
  }

  get statistics(): Statistics {
    return { ...this.#statistics }
  }

  /** Evaluations of the velocity at one point so far. */
  get evaluations(): number {
    return this.#statistics.evaluations
  }

  /** The integrator for blocks of so many values. */
  integrator(length: number): Integrator {
    let integrator = this.#integrators.get(length)
    if (!integrator) {
      integrator = new Integrator(tableaux[this.options.tableau], length, this.#dimension)
      this.#integrators.set(length, integrator)
    }
    return integrator
  }

  #fuse({ weights }: FlowMixture, length: number): FusedIntegrator {
    const rows = length / this.#dimension
    if (!this.#fused?.holds(weights.length, rows)) {
      const room = [this.#fused?.mostComponents ?? 0, this.#fused?.mostRows ?? 0]
      this.#fused = new FusedIntegrator(
        tableaux[this.options.tableau],
        this.#dimension,
        Math.max(weights.length, room[0]),
        Math.max(rows, room[1]),
      )
    }
    return this.#fused
  }

  /** Counts what was done for a block of so many rows. */
  count({ accepted, rejected, evaluations }: Outcome, rows: number): void {
    this.add({ accepted, rejected, evaluations: evaluations * rows })
  }

  add({ accepted, rejected, evaluations }: Statistics): void {
    this.#statistics.accepted += accepted
    this.#statistics.rejected += rejected
    this.#statistics.evaluations += evaluations
  }

  /** y from s = `from` to `to` in place. */
  attempt(velocity: Velocity, from: number, to: number, y: Float64Array, outputs?: Outputs): Outcome {
    const outcome =
      velocity.mixture && !outputs && !isShort(from, to)
        ? this.#fuse(velocity.mixture, y.length).integrate(
            velocity.mixture,
            from,
            to,
            y,
            this.options,
            velocity.finest,
          )
        : this.integrator(y.length).integrate(velocity, from, to, y, this.options, outputs)
    this.count(outcome, y.length / this.#dimension)
    return outcome
  }

  /**
   * The same, and when the block does not get there, each of its rows from there alone. Returns the rows that
   * did not arrive; they stay where they stopped. `name` is that of s.
   */
  run(
    name: 'θ' | 't',
    velocity: Velocity,
    from: number,
    to: number,
    y: Float64Array,
    outputs?: Outputs,
  ): Failures {
    let emitted = 0
    const counted = outputs && {
      at: outputs.at,
      emit(i: number, values: Float64Array) {
        emitted = i + 1
        outputs.emit(i, values)
      },
    }
    const outcome = this.attempt(velocity, from, to, y, counted)
    if (outcome.code === 'success') return NO_FAILURES
    return this.#singly(name, velocity, outcome, to, y, outputs && rest(outputs, emitted))
  }

  #singly(
    name: 'θ' | 't',
    velocity: Velocity,
    block: Outcome,
    to: number,
    y: Float64Array,
    outputs: Outputs | undefined,
  ): Failures {
    const d = this.#dimension
    const failures = new Map<number, Failure>()
    const collected = Array.from(outputs?.at ?? [], () => new Float64Array(y.length).fill(Number.NaN))
    for (let start = 0, row = 0; start < y.length; start += d, row++) {
      const alone = y.subarray(start, start + d)
      const own = outputs && {
        at: outputs.at,
        emit: (i: number, values: Float64Array) => collected[i].set(values, start),
      }
      const outcome = y.length === d ? block : this.attempt(velocity, block.at, to, alone, own)
      if (outcome.code !== 'success')
        failures.set(row, { code: outcome.code, message: advice(outcome, name, to, this.options) })
    }
    collected.forEach((values, i) => {
      outputs?.emit(i, values)
    })
    return failures
  }
}

/** The outputs that have not been emitted yet. */
function rest(outputs: Outputs, emitted: number): Outputs {
  return {
    at: Array.from(outputs.at).slice(emitted),
    emit: (i, values) => outputs.emit(emitted + i, values),
  }
}
