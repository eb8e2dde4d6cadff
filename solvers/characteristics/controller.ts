/** What a block of rows is integrated to. */
export interface Tolerances {
  readonly rtol: number
  readonly atol: number
  /** Attempted steps, accepted and rejected together. */
  readonly maxSteps: number
}

// the usual constants (Hairer, Nørsett & Wanner, II.4 and IV.2): safety, and the range of one change of the step
const SAFETY = 0.9
const SMALLEST = 0.2
const LARGEST = 8
const PROPORTIONAL = 0.7
const INTEGRAL = 0.4

/**
 * The PI controller for step sizes: h ← h · 0.9 · err_n^(−0.7/q) · err_{n−1}^(0.4/q), q = embedded order + 1
 * (Hairer & Wanner, Solving Ordinary Differential Equations II, IV.2). The step after a rejected one does not grow.
 */
export class StepController {
  readonly #power: number
  #previous = 1
  #rejected = false

  constructor(embeddedOrder: number) {
    this.#power = 1 / (embeddedOrder + 1)
  }

  start(): void {
    this.#previous = 1
    this.#rejected = false
  }

  /** The factor for the next step after an accepted one, whose error was at most 1. */
  accept(error: number): number {
    const bounded = Math.max(error, 1e-10)
    const factor =
      SAFETY * bounded ** (-PROPORTIONAL * this.#power) * this.#previous ** (INTEGRAL * this.#power)
    const largest = this.#rejected ? 1 : LARGEST
    this.#previous = Math.max(bounded, 1e-4)
    this.#rejected = false
    return Math.min(largest, Math.max(SMALLEST, factor))
  }

  /** The factor for a second try after an error above 1 or one that is not a number. */
  reject(error: number): number {
    this.#rejected = true
    if (!Number.isFinite(error)) return SMALLEST
    return Math.max(SMALLEST, SAFETY * error ** -this.#power)
  }
}
