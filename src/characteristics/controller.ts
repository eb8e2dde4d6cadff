/**
 * Step size controllers as data: powers β of the last three errors in h ← h · 0.9 · Π err_{n−k}^(−β_k/q), with q the
 * order of the error estimate plus one.
 */
export const controllers = {
  /** The last error alone. */
  i: [1, 0, 0],
  /** Hairer & Wanner, Solving Ordinary Differential Equations II, IV.2 */
  pi: [0.7, -0.4, 0],
  /** C. A. Kennedy, M. H. Carpenter & R. M. Lewis, Appl. Numer. Math. 35, 2000 */
  pid: [0.49, -0.34, 0.1],
} as const

export type ControllerName = keyof typeof controllers

/** What a block of rows is integrated to. */
export interface Tolerances {
  readonly rtol: number
  readonly atol: number
  /** Attempted steps, accepted and rejected together. */
  readonly maxSteps: number
  /** Default pi. */
  readonly controller?: ControllerName
}

// the usual constants (Hairer, Nørsett & Wanner, II.4 and IV.2): safety, and the range of one change of the step
const SAFETY = 0.9
const SMALLEST = 0.2
const LARGEST = 8

// spans of so few roundings, or so near to the smallest numbers, that a step has no error to speak of
const SHORT = 1e-13
const TINY = 1e-290

/** Whether one step will do from one place to the other, since more could not be told apart. */
export function isShort(from: number, to: number): boolean {
  const span = Math.abs(to - from)
  return span <= SHORT * Math.max(Math.abs(from), Math.abs(to)) || span < TINY
}

/** The smallest step at s that is more than rounding. */
export function smallestStep(s: number, to: number): number {
  return 4 * Number.EPSILON * Math.max(Math.abs(s), Math.abs(to))
}

/** Step sizes by one of `controllers`. The step after a rejected one does not grow. */
export class StepController {
  readonly #powers: readonly [number, number, number]
  readonly #power: number
  #previous = 1
  #beforeThat = 1
  #rejected = false

  constructor(embeddedOrder: number, name: ControllerName = 'pi') {
    this.#powers = controllers[name]
    this.#power = 1 / (embeddedOrder + 1)
  }

  /** The factor for the next step after an accepted one, whose error was at most 1. */
  accept(error: number): number {
    const [last, previous, beforeThat] = this.#powers
    const bounded = Math.max(error, 1e-10)
    const factor =
      SAFETY *
      bounded ** (-last * this.#power) *
      this.#previous ** (-previous * this.#power) *
      this.#beforeThat ** (-beforeThat * this.#power)
    const largest = this.#rejected ? 1 : LARGEST
    this.#beforeThat = this.#previous
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
