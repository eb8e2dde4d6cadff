import { checkNumber, InputError } from '../errors.ts'
import type { Density } from './density.ts'

/** Where a drift on the line is anything but smooth. */
export interface DriftPlaces {
  /** Whether the drift depends on t. */
  readonly timed: boolean
  /**
   * Places between two others, ascending, where b(t, ·) jumps or has a corner, and ends of the pieces into which it has to be cut before samples
   * show what it does; null where they are too many to list.
   */
  places(t: number, low: number, high: number): readonly number[] | null
}

/**
 * σ_t/α at the end of a process in which the data vanish (α = 0), and at t = ∞ of the VE process: f is its limit there to rounding,
 * and every formula stays finite. A power of 2, so that it costs no digits.
 */
export const LAST_TIME = 2 ** 166

/**
 * A forward process dX = b(t, X) dt + σ(t) dB (docs/mathematics.md §1, equation (1)). A linear one is X_t = α(t) X₀ + m(t) + σ_t Z,
 * Z ~ N(0, I), m = 0 unless given, and reduces to the VE process by f(t, x) = f_VE(σ_t/α(t), (x − m(t))/α(t)).
 */
export interface Process {
  readonly kind: string
  /** The largest time the process is defined for. */
  readonly maximumTime: number
  /** Whether t = ∞ is a time too, at which a point is Z = lim X_t/t. */
  readonly infinite?: true
  /** Present when b is not linear in x. There are then no α, m and σ_t: asking for them throws. */
  readonly nonlinear?: NonlinearDrift
  /** @throws InputError unless the process is linear */
  alpha(t: number): number
  /** σ_t, the deviation of the noise in X_t. @throws InputError unless the process is linear */
  sigma(t: number): number
  /** What is added to every coordinate. */
  mean?(t: number): number
  /**
   * [d]: what is subtracted from the data where they are far from the origin, so that the VE problem is one of data about it
   * (docs/mathematics.md §1.4). Drift and diffusion know nothing of it.
   */
  readonly centre?: Float64Array
  /** out = b(t, x) for rows of coordinates. */
  drift(t: number, x: Float64Array, out: Float64Array): void
  /** σ(t), the coefficient of dB. */
  diffusion(t: number): number
  /** Times in (0, end), ascending, that no step in t should go across: jumps and pulses of b and σ. None where absent. */
  breaks?(end: number): readonly number[]
  /** α′ and (σ_t²)′, where b or σ(t) have no limit at the largest time. */
  readonly rates?: Rates
}

/** Derivatives of α and of the variance σ_t² of the noise. */
export interface Rates {
  alpha(t: number): number
  variance(t: number): number
}

/** α′, (σ_t²)′ and m′ of a linear process at a time: of b = βx + γ they are βα, g² + 2βσ_t² and βm + γ. */
export function ratesOf(
  process: Process,
  t: number,
): { readonly alpha: number; readonly variance: number; readonly mean: number } {
  const { rates } = process
  if (rates) return { alpha: rates.alpha(t), variance: rates.variance(t), mean: 0 }
  const line = new Float64Array(2)
  process.drift(t, Float64Array.of(0, 1), line)
  const [gamma, beta] = [line[0], line[1] - line[0]]
  return {
    alpha: beta * process.alpha(t),
    variance: process.diffusion(t) ** 2 + 2 * beta * process.sigma(t) ** 2,
    mean: beta * (process.mean?.(t) ?? 0) + gamma,
  }
}

/** What is known of a drift that is not linear in x. */
export interface NonlinearDrift {
  /** The dimension that the formulas are for; null when one formula holds for every coordinate. */
  readonly dimension: number | null
  /** out = ∇·b(t, x), one value a row. With one formula for every coordinate rows are single coordinates. */
  divergence(t: number, x: Float64Array, out: Float64Array): void
  readonly grid: GridSettings
  /** Where a drift of one formula on the line is not smooth. */
  readonly line?: DriftPlaces
  /** ∫ σ² from one time to a later one. */
  noise(from: number, to: number): number
}

/** The grid that p_t is computed on; what is left out is chosen by the data and the process. */
interface GridSettings {
  readonly nodes?: number | undefined
  readonly box?: readonly (readonly [number, number])[] | undefined
  readonly tolerance?: number | undefined
}

/** For α, m and σ_t of a process that has none. */
export function refuseReduction(): never {
  throw new InputError(
    'the process',
    'custom with a drift that is not linear in x',
    'a linear one here (without it there are exact on the line, characteristics, and the SDE solvers)',
  )
}
/** The time τ = σ(t)/α(t) of the VE process that a linear process reduces to. */
export function veTime(process: Process, t: number): number {
  return process.sigma(t) / process.alpha(t)
}

/** The points (x − m(t))/α(t), less the centre, of the VE process; x itself where nothing changes. */
export function vePoints(process: Process, t: number, x: Float64Array): Float64Array {
  const { centre } = process
  const alpha = process.alpha(t)
  const mean = process.mean?.(t) ?? 0
  if (centre) return x.map((value, i) => (value - (alpha * centre[i % centre.length] + mean)) / alpha)
  return alpha === 1 && mean === 0 ? x : x.map((value) => (value - mean) / alpha)
}

/** The points α(t) x + m(t) of the process at those x of the VE process; x itself where nothing changes. */
export function ownPoints(process: Process, t: number, x: Float64Array): Float64Array {
  const { centre } = process
  const alpha = process.alpha(t)
  const mean = process.mean?.(t) ?? 0
  if (centre) return x.map((value, i) => alpha * value + (alpha * centre[i % centre.length] + mean))
  return alpha === 1 && mean === 0 ? x : x.map((value) => alpha * value + mean)
}

/** Data x of the VE problem as they are, with the centre; x itself where there is none. */
export function ownData({ centre }: Process, x: Float64Array): Float64Array {
  return centre ? x.map((value, i) => value + centre[i % centre.length]) : x
}

/** Data as they are of the VE problem, less the centre; x itself where there is none. */
export function veData({ centre }: Process, x: Float64Array): Float64Array {
  return centre ? x.map((value, i) => value - centre[i % centre.length]) : x
}

/** Whether nothing of the data is left at time t: α = 0, σ_t/α = LAST_TIME. */
export function isNoise(process: Process, t: number): boolean {
  return process.nonlinear === undefined && veTime(process, t) >= LAST_TIME
}

/** The time in [0, largest] whose VE time is the given one, by bisection: σ/α grows. */
export function processTime(process: Process, ve: number, largest = process.maximumTime): number {
  if (ve >= veTime(process, largest)) return largest
  let low = 0
  let high = Math.min(largest, Number.MAX_VALUE)
  while (true) {
    const middle = (low + high) / 2
    if (middle <= low || middle >= high) return veTime(process, low) >= ve ? low : high
    if (veTime(process, middle) < ve) low = middle
    else high = middle
  }
}

// mean and scale of data beside which LAST_TIME is infinite to rounding
const LARGEST_DATA = 1e30

/** Returns t if it is a time of the process in [low, high], or ∞ where that is one. @throws InputError otherwise */
export function checkProcessTime(
  { maximumTime, infinite }: Process,
  parameter: string,
  t: unknown,
  { low = 0, high = Infinity, open = false } = {},
): number {
  if (infinite && t === Infinity && high === Infinity) return t
  return checkNumber(parameter, t, low, Math.min(high, maximumTime), open)
}

/**
 * Returns t if it is a time of the problem: in [0, maximum] of its process (above 0 with `open`), ∞ where that is one, and no later than its
 * density is known for.
 *
 * @throws InputError naming the parameter otherwise
 */
export function checkTime(
  { process, density }: { readonly process: Process; readonly density: Density },
  parameter: string,
  t: unknown,
  open = false,
): number {
  const time = checkProcessTime(process, parameter, t, { open })
  if (isNoise(process, time)) checkKnownAtEnd(density, parameter, time)
  const { maximumTime = Infinity, kind } = density
  if (process.nonlinear || veTime(process, time) <= maximumTime * (1 + 1e-12)) return time
  throw new InputError(
    parameter,
    time,
    `at most ${processTime(process, maximumTime)}, as far as the ${kind} data is known`,
  )
}

function checkKnownAtEnd({ knownAtEnd, moments }: Density, parameter: string, time: number): void {
  if (knownAtEnd === false)
    throw new InputError(
      parameter,
      time,
      'a time before the end: a score alone says nothing of the data there',
    )
  const { mean, scale } = moments
  if (mean.every((value) => Math.abs(value) <= LARGEST_DATA) && scale <= LARGEST_DATA) return
  throw new InputError(parameter, time, `a time before the end for data beyond ${LARGEST_DATA}`)
}
