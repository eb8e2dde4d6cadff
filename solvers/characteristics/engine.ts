import { accumulate, type Combination, combination } from './accumulate.ts'
import { StepController, type Tolerances } from './controller.ts'
import { denseWeights } from './dense.ts'
import { errorNorm, scaledNorm } from './norm.ts'
import type { Outcome, OutcomeCode } from './outcome.ts'
import type { Tableau } from './tableaux/tableau.ts'

/** out = dy/ds at (s, y) for a block of rows. */
export type Velocity = (s: number, y: Float64Array, out: Float64Array) => void

/** Values wanted on the way: `emit(i, y)` gets y at the i-th of `at`, which run in the direction of the integration. */
export interface Outputs {
  readonly at: ArrayLike<number>
  emit(index: number, y: Float64Array): void
}

/**
 * An explicit Runge–Kutta method on a block of rows that share every step: `integrate` with an embedded pair and a
 * step size controller, or `advance` by one fixed step. Owns all memory that the steps need.
 */
export class Integrator {
  readonly #tableau: Tableau
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
  #evaluations = 0

  /** For blocks of `length` values, in rows of `dimension`. */
  constructor(tableau: Tableau, length: number, dimension: number) {
    const count = tableau.b.length + 1 + tableau.dense.c.length
    this.#tableau = tableau
    this.#dimension = dimension
    this.#stages = new Float64Array(count * length)
    this.#views = Array.from({ length: count }, (_, i) => this.#stages.subarray(i * length, (i + 1) * length))
    this.#rows = tableau.a.map(combination)
    this.#solution = combination(tableau.b)
    this.#errors = tableau.errors.map(combination)
    this.#denseRows = tableau.dense.a.map(combination)
    this.#dense = { index: Int32Array.from({ length: count }, (_, i) => i), weight: new Float64Array(count) }
    this.#stage = new Float64Array(length)
    this.#next = new Float64Array(length)
    this.#zero = new Float64Array(length)
    this.#estimates = tableau.errors.map(() => new Float64Array(length))
  }

  /**
   * y from s = `from` to `to`, in either direction, in place. One step size for all rows: the row with the largest
   * error decides (`errorNorm`). On any outcome but `done`, y is what was reached at `outcome.at`.
   */
  integrate(
    velocity: Velocity,
    from: number,
    to: number,
    y: Float64Array,
    tolerances: Tolerances,
    outputs?: Outputs,
  ): Outcome {
    const { fsal, embeddedOrder } = this.#tableau
    const [first, slope] = this.#ends()
    const controller = new StepController(embeddedOrder ?? 0)
    const direction = to < from ? -1 : 1
    let accepted = 0
    let rejected = 0
    let s = from
    this.#evaluations = 0
    const end = (code: OutcomeCode): Outcome => ({
      code,
      at: s,
      accepted,
      rejected,
      evaluations: this.#evaluations,
    })
    let output = 0
    while (outputs && output < outputs.at.length && outputs.at[output] === from) outputs.emit(output++, y)
    if (s === to) return end('done')

    this.#evaluate(velocity, s, y, first)
    let h = this.#startingStep(velocity, s, to, y, tolerances)
    let error = 0
    while (accepted + rejected < tolerances.maxSteps) {
      const left = Math.abs(to - s)
      // two halves rather than a full step and a crumb
      const last = h >= left * (1 - 1e-9)
      const target = last ? to : s + direction * Math.min(h, 0.5 * left)
      const size = Math.abs(target - s)
      if (!(size > 4 * Number.EPSILON * Math.max(Math.abs(s), Math.abs(target))))
        return end(Number.isNaN(error) ? 'notFinite' : 'stepFloor')
      this.#step(velocity, s, target - s, y)
      if (fsal) this.#evaluate(velocity, target, this.#next, slope)
      error = this.#estimate(target - s, y, tolerances)
      if (!(error <= 1)) {
        rejected++
        h = size * controller.reject(error)
        continue
      }
      accepted++
      const inside = outputs !== undefined && direction * (outputs.at[output] - target) <= 0
      if (!fsal && (inside || target !== to)) this.#evaluate(velocity, target, this.#next, slope)
      if (inside) output = this.#emit(velocity, s, target, y, outputs, output)
      y.set(this.#next)
      if (target === to) {
        s = to
        return end('done')
      }
      first.set(slope)
      s = target
      h = size * controller.accept(error)
    }
    return end(Number.isNaN(error) ? 'notFinite' : 'stepLimit')
  }

  /** One step of the method from s = `from` to `to`, in place and without an error estimate. */
  advance(velocity: Velocity, from: number, to: number, y: Float64Array, outputs?: Outputs): void {
    const [first, slope] = this.#ends()
    this.#evaluate(velocity, from, y, first)
    this.#step(velocity, from, to - from, y)
    if (outputs) {
      this.#evaluate(velocity, to, this.#next, slope)
      this.#emit(velocity, from, to, y, outputs, 0)
    }
    y.set(this.#next)
  }

  #ends(): [Float64Array, Float64Array] {
    return [this.#views[0] as Float64Array, this.#views[this.#tableau.b.length] as Float64Array]
  }

  #evaluate(velocity: Velocity, s: number, y: Float64Array, out: Float64Array): void {
    velocity(s, y, out)
    this.#evaluations++
  }

  /** The new point into #next; the first stage is already there. */
  #step(velocity: Velocity, s: number, h: number, y: Float64Array): void {
    const { c } = this.#tableau
    for (let i = 1; i < c.length; i++) {
      accumulate(this.#stage, y, h, this.#rows[i] as Combination, this.#stages)
      this.#evaluate(velocity, s + c[i] * h, this.#stage, this.#views[i] as Float64Array)
    }
    accumulate(this.#next, y, h, this.#solution, this.#stages)
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

  /** Emits the outputs up to `target`; returns the index of the next one. The slope at the new point is there. */
  #emit(
    velocity: Velocity,
    s: number,
    target: number,
    y: Float64Array,
    { at, emit }: Outputs,
    output: number,
  ): number {
    const { b, dense } = this.#tableau
    const h = target - s
    let prepared = false
    for (; output < at.length && Math.sign(h) * (at[output] - target) <= 0; output++) {
      if (at[output] === target) {
        emit(output, this.#next)
        continue
      }
      if (!prepared) {
        dense.c.forEach((c, i) => {
          accumulate(this.#stage, y, h, this.#denseRows[i] as Combination, this.#stages)
          this.#evaluate(velocity, s + c * h, this.#stage, this.#views[b.length + 1 + i] as Float64Array)
        })
        prepared = true
      }
      denseWeights(this.#tableau, (at[output] - s) / h, this.#dense.weight)
      accumulate(this.#stage, y, h, this.#dense, this.#stages)
      emit(output, this.#stage)
    }
    return output
  }

  /** A first step from the sizes of two derivatives (Hairer, Nørsett & Wanner, II.4), for an interval of order 1. */
  #startingStep(velocity: Velocity, s: number, to: number, y: Float64Array, tolerances: Tolerances): number {
    const [first, slope] = this.#ends()
    const span = Math.abs(to - s)
    const size = scaledNorm(y, y, this.#dimension, tolerances)
    const speed = scaledNorm(first, y, this.#dimension, tolerances)
    const trial = Math.min(Math.max(speed > 0 ? (0.01 * size) / speed : span, 1e-6 * span), 1e-3 * span)
    const step = to < s ? -trial : trial
    for (let i = 0; i < y.length; i++) this.#stage[i] = y[i] + step * first[i]
    this.#evaluate(velocity, s + step, this.#stage, slope)
    for (let i = 0; i < y.length; i++) this.#stage[i] = (slope[i] - first[i]) / trial
    const curvature = scaledNorm(this.#stage, y, this.#dimension, tolerances)
    const fastest = Math.max(speed, curvature)
    const guess = fastest > 0 ? (0.01 / fastest) ** (1 / this.#tableau.order) : span
    return Math.min(Number.isFinite(guess) ? guess : trial, 100 * trial, span)
  }
}
