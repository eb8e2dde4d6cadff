import type { Problem } from '../../src/problem/problem.ts'
import { ownData } from '../../src/problem/process.ts'

/** Values of a map along trajectories at all the times there are. */
interface Along {
  /** Ascending, of whatever coordinate the map is smooth in. */
  readonly places: readonly number[]
  /** At each place n·d values. */
  readonly values: readonly Float64Array[]
  readonly x0: Float64Array
  readonly weights: Float64Array
}

/** The part of an error that differs from one time to the next as if by chance. */
interface Whiteness {
  /** Its share of the squared error of all times. */
  readonly share: number
  /** Its size, relative to 2⁻¹¹ of the values: rounding to float16 once gives 0.3 to 0.6, a network that computes in it more. */
  readonly units: number
  /** Its size relative to √(tr Cov). */
  readonly size: number
}

/** What float16 leaves, in those units. */
const HALF = 2 ** -11

/**
 * How much of an error is no smooth function of time along the trajectories: the squares of how far it is from the line through the times before
 * and after, which of independent errors of one size σ are (1 + a² + b²) σ².
 *
 * @param trace tr Cov(p_data)
 */
export function whiteness({ places, values, x0, weights }: Along, trace: number): Whiteness | null {
  if (places.length < 3) return null
  const d = x0.length / weights.length
  let [white, all, size, count] = [0, 0, 0, 0]
  for (let k = 1; k + 1 < places.length; k++) {
    const a = (places[k + 1] - places[k]) / (places[k + 1] - places[k - 1])
    const b = 1 - a
    const unit = 1 + a * a + b * b
    for (let i = 0; i < x0.length; i++) {
      const weight = weights[Math.floor(i / d)]
      const off = values[k][i] - a * values[k - 1][i] - b * values[k + 1][i]
      white += (weight * off * off) / unit
      all += weight * (values[k][i] - x0[i]) ** 2
      size += weight * values[k][i] ** 2
    }
    count++
  }
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return {
    share: all > 0 ? Math.min(1, white / all) : 0,
    units: size > 0 ? Math.sqrt(white / size) / HALF : 0,
    size: Math.sqrt(white / count / total / trace),
  }
}

/** The formats of 16 bits that values may have been rounded to, with the digits of their significands. */
const FORMATS = { float16: 11, bfloat16: 8 } as const
export type HalfFormat = keyof typeof FORMATS

/** The format that all values of the problem's own data coordinates are in; null where they have more digits. */
export function halfFormat({ process }: Problem, values: readonly Float64Array[]): HalfFormat | null {
  const own = values.map((x) => ownData(process, x))
  for (const format of ['bfloat16', 'float16'] as const)
    if (own.every((x) => x.every((value) => rounded(value, FORMATS[format]) === value))) return format
  return null
}

/**
 * The share of the squared error that rounding to a format leaves: errors between −½ and ½ of the last digit, evenly, have 1/12 of its square.
 */
export function roundingShare(
  { values, x0, weights }: Along,
  format: HalfFormat,
): { readonly share: number; readonly square: number } {
  const d = x0.length / weights.length
  let [rounding, all] = [0, 0]
  for (const value of values)
    for (let i = 0; i < x0.length; i++) {
      const weight = weights[Math.floor(i / d)]
      rounding += (weight * lastDigit(value[i], FORMATS[format]) ** 2) / 12
      all += weight * (value[i] - x0[i]) ** 2
    }
  const total = weights.reduce((sum, weight) => sum + weight, 0) * values.length
  return { share: all > 0 ? Math.min(1, rounding / all) : 0, square: rounding / total }
}

function lastDigit(value: number, digits: number): number {
  return value === 0 ? 0 : 2 ** (Math.floor(Math.log2(Math.abs(value))) - digits + 1)
}

/** To so many binary digits. */
function rounded(value: number, digits: number): number {
  if (value === 0 || !Number.isFinite(value)) return value
  const unit = lastDigit(value, digits)
  return Math.round(value / unit) * unit
}
