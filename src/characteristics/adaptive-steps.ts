import type { RowCode, RowReport } from '../attempt.ts'

/** The next step is h · safety · Π err_{n−k}^(−β_k/q), q the order of the error estimate plus one. */
interface Controller {
  /** β of the last three errors. */
  readonly powers: readonly [number, number, number]
  readonly safety: number
  /** Above 0: where err/h^q rose in the last step, it is taken to rise again, to this power of what it did. */
  readonly trend: number
}

/** Step size controllers as data. */
export const controllers = {
  /** The last error alone. */
  i: { powers: [1, 0, 0], safety: 0.9, trend: 0 },
  /** Hairer & Wanner, Solving Ordinary Differential Equations II, IV.2 */
  pi: { powers: [0.7, -0.4, 0], safety: 0.9, trend: 0 },
  /** C. A. Kennedy, M. H. Carpenter & R. M. Lewis, Appl. Numer. Math. 35, 2000 */
  pid: { powers: [0.49, -0.34, 0.1], safety: 0.9, trend: 0 },
  /**
   * The last error and where it is going (K. Gustafsson, ACM Trans. Math. Softw. 20, 1994, with the trend damped, and a falling one
   * not trusted: an estimate may pass through 0). Few steps are rejected, and errors are about 0.05 where all is smooth.
   */
  predictive: { powers: [1, 0, 0], safety: 0.72, trend: 0.5 },
} as const satisfies Record<string, Controller>

export type ControllerName = keyof typeof controllers

/** What a block of rows is integrated to. */
export interface Tolerances {
  readonly rtol: number
  readonly atol: number
  /** Attempted steps, accepted and rejected together. */
  readonly maxSteps: number
  /** Default predictive. */
  readonly controller?: ControllerName
}

// the usual constants (Hairer, Nørsett & Wanner, II.4 and IV.2): safety after a rejected step, and the range of one change of the step
const SAFETY = 0.9
const SMALLEST = 0.2
const LARGEST = 5
// the last steps may be so much longer where that saves one of them
const STRETCH = 1.1

// spans of so few roundings, or so near to the smallest numbers, that a step has no error to speak of
const SHORT = 1e-13
const TINY = 1e-290

/** Whether one step will do from one place to the other, since more could not be told apart. */
export function isShort(from: number, to: number): boolean {
  const span = Math.abs(to - from)
  return span <= SHORT * Math.max(Math.abs(from), Math.abs(to)) || span < TINY
}

/** The smallest step at s that is more than rounding. */
function smallestStep(s: number, to: number): number {
  return 4 * Number.EPSILON * Math.max(Math.abs(s), Math.abs(to))
}

/** Step sizes by one of `controllers`. The step after a rejected one does not grow. */
class StepController {
  readonly #controller: Controller
  readonly #power: number
  #previous = 1
  #beforeThat = 1
  #size = 0
  #rejected = false

  constructor(embeddedOrder: number, name: ControllerName = 'predictive') {
    this.#controller = controllers[name]
    this.#power = 1 / (embeddedOrder + 1)
  }

  /** The factor for the step after an accepted one of this size, whose error was at most 1. */
  accept(error: number, size: number): number {
    const { powers, safety, trend } = this.#controller
    const [last, previous, beforeThat] = powers
    const bounded = Math.max(error, 1e-10)
    const fall = this.#size > 0 ? ((this.#previous / bounded) ** this.#power * size) / this.#size : 1
    const factor =
      safety *
      bounded ** (-last * this.#power) *
      this.#previous ** (-previous * this.#power) *
      this.#beforeThat ** (-beforeThat * this.#power) *
      Math.min(1, fall) ** trend
    const largest = this.#rejected ? 1 : LARGEST
    this.#beforeThat = this.#previous
    this.#previous = Math.max(bounded, 1e-4)
    this.#size = size
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

/** Trial steps of a method with an error estimate, from a state that it holds, whose slope is known. */
export interface TrialSteps {
  readonly order: number
  /** The error estimate of one step is O(h^(estimateOrder + 1)). */
  readonly estimateOrder: number
  /** The sizes of the slope, and of what it changes by over a step of Euler's method, per unit. `step` makes that step of the sizes of state and slope. */
  sizes(step: (size: number, speed: number) => number): { speed: number; curvature: number }
  /** Tries a step; returns its error in units of the tolerance. */
  attempt(from: number, to: number): number
  /** Moves on to the end of the tried step. After the last one no slope is needed. */
  accept(to: number, last: boolean): void
}

/** How far an integration is. */
export interface Progress {
  at: number
  accepted: number
  rejected: number
}

/** s + finest changes by at most this factor in a step. */
export const SPREAD = 8

/**
 * Steps from `progress.at` to `to`, in either direction, each as large as its estimated error allows. Yields the error of each accepted step before
 * the state moves on.
 *
 * @param finest the smallest s at which anything may happen: no step is so long that it could begin and end where nothing does and miss what is
 * between. Between many narrow modes the velocity is 0 until s is near their distance, and there is no error to see from afar.
 */
export function* adaptiveSteps(
  method: TrialSteps,
  progress: Progress,
  to: number,
  tolerances: Tolerances,
  finest?: number,
): Generator<number, RowCode, void> {
  const controller = new StepController(method.estimateOrder, tolerances.controller)
  const direction = to < progress.at ? -1 : 1
  let h = Math.max(startingStep(method, progress.at, to), 2 * smallestStep(progress.at, to))
  let error = 0
  while (progress.accepted + progress.rejected < tolerances.maxSteps) {
    const s = progress.at
    const left = Math.abs(to - s)
    const most = longest(s, to, finest)
    const rest = Math.ceil((left * (1 - 1e-9)) / Math.min(STRETCH * h, most))
    // two halves rather than a full step and a crumb
    const target = rest <= 1 ? to : s + direction * (rest === 2 ? 0.5 * left : Math.min(h, most))
    const size = Math.abs(target - s)
    if (!(size > smallestStep(s, target))) return Number.isNaN(error) ? 'non-finite' : 'step-floor'
    error = method.attempt(s, target)
    if (!(error <= 1)) {
      progress.rejected++
      h = size * controller.reject(error)
      continue
    }
    progress.accepted++
    yield error
    method.accept(target, target === to)
    progress.at = target
    if (target === to) return 'success'
    h = size * controller.accept(error, size)
  }
  return Number.isNaN(error) ? 'non-finite' : 'step-limit'
}

/** A first step from the sizes of two derivatives (Hairer, Nørsett & Wanner, II.4), for an interval of order 1. */
function startingStep(method: TrialSteps, from: number, to: number): number {
  const span = Math.abs(to - from)
  let trial = 0
  const { speed, curvature } = method.sizes((size, speed) => {
    trial = Math.min(Math.max(speed > 0 ? (0.01 * size) / speed : span, 1e-6 * span), 1e-3 * span)
    return to < from ? -trial : trial
  })
  const fastest = Math.max(speed, curvature)
  const guess = fastest > 0 ? (0.01 / fastest) ** (1 / method.order) : span
  return Math.min(Number.isFinite(guess) ? guess : trial, 100 * trial, span)
}

/** The longest step at s on the way to an end. */
function longest(s: number, to: number, finest: number | undefined): number {
  if (finest === undefined) return Infinity
  const size = Math.abs(s) + finest
  return Math.abs(to) < Math.abs(s) ? (1 - 1 / SPREAD) * size : (SPREAD - 1) * size
}

/** How an integration can end, with what to do about it. `{…}` stands for the figures of the run. */
const outcomes: Readonly<Record<RowCode, string>> = {
  success: '',
  'step-limit':
    'the solver reached its limit of {maxSteps} steps at {at}, short of {to}: try a larger maxSteps, a larger rtol (now {rtol}), or a tableau of higher order',
  'step-floor':
    'the step size fell to rounding at {at}, short of {to}: try a larger rtol (now {rtol}) or atol (now {atol})',
  'non-finite':
    'the score is not finite near {at}: check that the density has a score there, or start from a smaller time',
}

export interface Outcome {
  readonly code: RowCode
  /** Where the integration ended. */
  readonly at: number
  readonly accepted: number
  readonly rejected: number
  /** Evaluations of the velocity of the whole block. */
  readonly evaluations: number
}

/** The advice of an outcome as one sentence. `name` is the independent variable, θ or t. */
export function advice(outcome: Outcome, name: string, to: number, tolerances: Tolerances): string {
  const figures: Record<string, string> = {
    at: `${name} = ${outcome.at}`,
    to: `${name} = ${to}`,
    rtol: String(tolerances.rtol),
    atol: String(tolerances.atol),
    maxSteps: String(tolerances.maxSteps),
  }
  return `${outcomes[outcome.code].replace(/\{(\w+)\}/g, (_, key: string) => figures[key] ?? '')}.`
}

/** A row that did not arrive, with what to do about it. */
export interface Failure {
  readonly code: Exclude<RowCode, 'success'>
  /** One sentence. */
  readonly message: string
}

/** The rows of a block that did not arrive. */
export type Failures = ReadonlyMap<number, Failure>

export const NO_FAILURES: Failures = new Map()

/** The report of n rows of which these did not arrive. */
export function rowReport(n: number, failures: Failures): RowReport {
  const first = failures.size > 0 ? Math.min(...failures.keys()) : -1
  return {
    codes: Array.from({ length: n }, (_, row): RowCode => failures.get(row)?.code ?? 'success'),
    finished: n - failures.size,
    message: failures.get(first)?.message ?? null,
  }
}
