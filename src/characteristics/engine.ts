import type { RowCode } from '../attempt.ts'
import type { FlowMixture } from '../kernels/mixture-flow.ts'
import {
  type ButcherTableau,
  type DenseOutput,
  denseOutput,
  denseWeights,
  isFsal,
} from '../numeric/butcher-tableau.ts'
import type { Outcome } from './adaptive-steps.ts'
import { adaptiveSteps, isShort, type Progress, type Tolerances, type TrialSteps } from './adaptive-steps.ts'
import { accumulate, type Combination, combination, errorNorm, scaledNorm } from './combinations.ts'

/** out = dy/ds at (s, y) for a block of rows. */
export interface Velocity {
  (s: number, y: Float64Array, out: Float64Array): void
  /** The mixture whose comoving velocity this is: `FusedIntegrator` then takes the same steps faster. */
  readonly mixture?: FlowMixture | undefined
  /** s below which the velocity has no structure, where there is so much between it and 1 that steps could miss it: see `adaptiveSteps`. */
  readonly finest?: number | undefined
}

/** Values wanted on the way: `emit(i, y)` gets y at the i-th of `at`, which run in the direction of the integration. */
export interface Outputs {
  readonly at: ArrayLike<number>
  emit(index: number, y: Float64Array): void
}

/**
 * An explicit Runge–Kutta method on a block of rows that share every step: `integrate`, or `steps` one by one, with an
 * embedded pair and a step size controller, or `advance` by one fixed step. Owns all memory that the steps need.
 */
export class Integrator {
  readonly #tableau: ButcherTableau
  readonly #fsal: boolean
  readonly #denseOutput: DenseOutput
  readonly #dimension: number
  readonly #stages: Float64Array
  /** A view for each stage: those of the method, the slope at the new point, those of the dense output. */
  readonly #views: readonly Float64Array[]
  readonly #rows: readonly Combination[]
  readonly #solution: Combination
  readonly #errors: readonly Combination[]
  readonly #denseRows: readonly Combination[]
  readonly #dense: Combination
  readonly #stage: Float64Array
  readonly #next: Float64Array
  readonly #zero: Float64Array
  readonly #estimates: readonly Float64Array[]
  // the step at hand
  #velocity: Velocity = () => undefined
  #y: Float64Array = new Float64Array(0)
  #from = 0
  #to = 0
  /** Whether the slope at the new point, and the stages of the dense output, are there. */
  #sloped = false
  #prepared = false
  // the integration at hand
  #progress: Progress = { at: 0, accepted: 0, rejected: 0 }
  #evaluations = 0

  /** For blocks of `length` values, in rows of `dimension`. */
  constructor(tableau: ButcherTableau, length: number, dimension: number) {
    const estimates = tableau.error?.weights ?? []
    const dense = denseOutput(tableau)
    const count = tableau.b.length + 1 + dense.c.length
    this.#tableau = tableau
    this.#fsal = isFsal(tableau)
    this.#denseOutput = dense
    this.#dimension = dimension
    this.#stages = new Float64Array(count * length)
    this.#views = Array.from({ length: count }, (_, i) => this.#stages.subarray(i * length, (i + 1) * length))
    this.#rows = tableau.a.map(combination)
    this.#solution = combination(tableau.b)
    this.#errors = estimates.map(combination)
    this.#denseRows = dense.a.map(combination)
    this.#dense = { index: Int32Array.from({ length: count }, (_, i) => i), weight: new Float64Array(count) }
    this.#stage = new Float64Array(length)
    this.#next = new Float64Array(length)
    this.#zero = new Float64Array(estimates.length > 0 ? length : 0)
    this.#estimates = estimates.map(() => new Float64Array(length))
  }

  /** Where the step at hand starts and ends. */
  get span(): readonly [number, number] {
    return [this.#from, this.#to]
  }

  /** What the integration has come to. */
  outcome(code: RowCode): Outcome {
    return { code, ...this.#progress, evaluations: this.#evaluations }
  }

  /**
   * y from s = `from` to `to`, in either direction, in place. One step size for all rows: the row with the largest
   * error decides (`errorNorm`). On any outcome but `success`, y is what was reached at `outcome.at`.
   */
  integrate(
    velocity: Velocity,
    from: number,
    to: number,
    y: Float64Array,
    tolerances: Tolerances,
    outputs?: Outputs,
  ): Outcome {
    let output = 0
    while (outputs && output < outputs.at.length && outputs.at[output] === from) outputs.emit(output++, y)
    const steps = this.steps(velocity, from, to, y, tolerances)
    for (;;) {
      const { done, value } = steps.next()
      if (done) return value
      if (outputs) output = this.#emit(outputs, output)
    }
  }

  /**
   * The same step by step: yields the error of each accepted step, when `span` and `interpolate` are those of the step
   * and y is still its start.
   */
  *steps(
    velocity: Velocity,
    from: number,
    to: number,
    y: Float64Array,
    tolerances: Tolerances,
  ): Generator<number, Outcome, void> {
    const [first, slope] = this.#ends()
    this.#progress = { at: from, accepted: 0, rejected: 0 }
    this.#evaluations = 0
    this.#start(velocity, from, y)
    if (from === to) return this.outcome('success')

    this.#evaluate(from, y, first)
    if (isShort(from, to)) {
      this.#step(to)
      if (!this.#next.every(Number.isFinite)) return this.outcome('non-finite')
      this.#progress.accepted++
      yield 0
      y.set(this.#next)
      this.#from = to
      this.#progress.at = to
      return this.outcome('success')
    }
    const { order, error } = this.#tableau
    const trials: TrialSteps = {
      order,
      estimateOrder: error?.order ?? 0,
      sizes: (step) => this.#sizes(step, tolerances),
      attempt: (s, target) => {
        this.#step(target)
        if (this.#fsal) this.#findSlope()
        return this.#estimate(target - s, y, tolerances)
      },
      accept: (target, last) => {
        if (!last) this.#findSlope()
        y.set(this.#next)
        this.#from = target
        if (!last) first.set(slope)
      },
    }
    return this.outcome(yield* adaptiveSteps(trials, this.#progress, to, tolerances, velocity.finest))
  }

  /**
   * One step of the method from s = `from` to `to`, in place and without an error estimate.
   *
   * @param slope the velocity at the start, where it is known already
   */
  advance(
    velocity: Velocity,
    from: number,
    to: number,
    y: Float64Array,
    { slope, outputs }: { readonly slope?: Float64Array; readonly outputs?: Outputs } = {},
  ): void {
    const [first] = this.#ends()
    this.#start(velocity, from, y)
    if (slope) first.set(slope)
    else this.#evaluate(from, y, first)
    this.#step(to)
    if (outputs) this.#emit(outputs, 0)
    y.set(this.#next)
  }

  /** out = y at s by the dense output of the step at hand. */
  interpolate(s: number, out: Float64Array): void {
    if (s === this.#to) {
      out.set(this.#next)
      return
    }
    this.#prepare()
    const h = this.#to - this.#from
    denseWeights(this.#tableau, (s - this.#from) / h, this.#dense.weight)
    accumulate(out, this.#y, h, this.#dense, this.#stages)
  }

  #start(velocity: Velocity, from: number, y: Float64Array): void {
    this.#velocity = velocity
    this.#y = y
    this.#from = from
    this.#to = from
  }

  #ends(): [Float64Array, Float64Array] {
    return [this.#views[0] as Float64Array, this.#views[this.#tableau.b.length] as Float64Array]
  }

  #evaluate(s: number, y: Float64Array, out: Float64Array): void {
    this.#velocity(s, y, out)
    this.#evaluations++
  }

  /** The new point into #next; the first stage is already there. */
  #step(to: number): void {
    const { c } = this.#tableau
    const [s, y] = [this.#from, this.#y]
    const h = to - s
    this.#to = to
    this.#sloped = false
    this.#prepared = false
    for (let i = 1; i < c.length; i++) {
      accumulate(this.#stage, y, h, this.#rows[i] as Combination, this.#stages)
      // at the end itself, not a rounding beyond it, where a drift may jump
      this.#evaluate(c[i] === 1 ? to : s + c[i] * h, this.#stage, this.#views[i] as Float64Array)
    }
    accumulate(this.#next, y, h, this.#solution, this.#stages)
  }

  #findSlope(): void {
    if (this.#sloped) return
    this.#evaluate(this.#to, this.#next, this.#ends()[1])
    this.#sloped = true
  }

  /** The stages of the dense output. */
  #prepare(): void {
    if (this.#prepared) return
    this.#findSlope()
    const { b } = this.#tableau
    const h = this.#to - this.#from
    this.#denseOutput.c.forEach((c, i) => {
      accumulate(this.#stage, this.#y, h, this.#denseRows[i] as Combination, this.#stages)
      this.#evaluate(this.#from + c * h, this.#stage, this.#views[b.length + 1 + i] as Float64Array)
    })
    this.#prepared = true
  }

  #estimate(h: number, y: Float64Array, tolerances: Tolerances): number {
    for (let i = 0; i < this.#errors.length; i++)
      accumulate(
        this.#estimates[i] as Float64Array,
        this.#zero,
        h,
        this.#errors[i] as Combination,
        this.#stages,
      )
    return errorNorm(this.#estimates, y, this.#next, this.#dimension, tolerances)
  }

  /** Emits the outputs up to the end of the step; returns the index of the next one. */
  #emit({ at, emit }: Outputs, output: number): number {
    const direction = Math.sign(this.#to - this.#from)
    for (; output < at.length && direction * (at[output] - this.#to) <= 0; output++) {
      this.interpolate(at[output], this.#stage)
      emit(output, this.#stage)
    }
    return output
  }

  /** For a starting step: the sizes of the slope and of its change over a step of Euler's method. */
  #sizes(choose: (size: number, speed: number) => number, tolerances: Tolerances) {
    const [first, slope] = this.#ends()
    const y = this.#y
    const size = scaledNorm(y, y, this.#dimension, tolerances)
    const speed = scaledNorm(first, y, this.#dimension, tolerances)
    const step = choose(size, speed)
    for (let i = 0; i < y.length; i++) this.#stage[i] = y[i] + step * first[i]
    this.#evaluate(this.#from + step, this.#stage, slope)
    for (let i = 0; i < y.length; i++) this.#stage[i] = (slope[i] - first[i]) / Math.abs(step)
    return { speed, curvature: scaledNorm(this.#stage, y, this.#dimension, tolerances) }
  }
}
