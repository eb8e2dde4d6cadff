import { gaussLegendre } from '../numeric/gauss-quadrature.ts'
import { safeguardedNewton } from '../numeric/root.ts'

/** log p at n points of the line into out. */
export type LogDensityOnLine = (x: Float64Array, out: Float64Array) => void

const COUNT = 8

/**
 * The distribution function of a smooth density on an interval, and its inverse, by Gauss–Legendre quadrature in equal cells. Sums from
 * both ends, so that both tails keep their relative accuracy; normalised, whatever the mass of the density is.
 */
export class LineCdf {
  readonly #rule = gaussLegendre(COUNT)
  readonly #logDensity: LogDensityOnLine
  readonly #low: number
  readonly #width: number
  readonly #below: Float64Array
  readonly #above: Float64Array
  readonly #places = new Float64Array(COUNT)
  readonly #logs = new Float64Array(COUNT)

  constructor(logDensity: LogDensityOnLine, low: number, high: number, cells: number) {
    this.#logDensity = logDensity
    this.#low = low
    this.#width = (high - low) / cells
    const masses = Float64Array.from({ length: cells }, (_, k) =>
      this.#integral(low + k * this.#width, low + (k + 1) * this.#width),
    )
    this.#below = new Float64Array(cells + 1)
    this.#above = new Float64Array(cells + 1)
    for (let k = 0; k < cells; k++) this.#below[k + 1] = this.#below[k] + masses[k]
    for (let k = cells - 1; k >= 0; k--) this.#above[k] = this.#above[k + 1] + masses[k]
  }

  get mass(): number {
    return this.#above[0]
  }

  /** The probability below x (side 0) or above it (side 1). */
  probability(x: number, side: 0 | 1): number {
    const k = Math.min(this.#below.length - 2, Math.max(0, Math.floor((x - this.#low) / this.#width)))
    const start = this.#low + k * this.#width
    const sum =
      side === 0
        ? this.#below[k] + this.#integral(start, x)
        : this.#above[k + 1] + this.#integral(x, start + this.#width)
    return Math.max(0, sum) / this.mass
  }

  /** The point with this probability below it (side 0) or above it (side 1): Newton inside a shrinking bracket. */
  quantile(probability: number, side: 0 | 1): number {
    const wanted = probability * this.mass
    const sums = side === 0 ? this.#below : this.#above
    let [first, last] = [0, sums.length - 2]
    while (first < last) {
      const half = (first + last) >> 1
      if (side === 0 ? sums[half + 1] >= wanted : sums[half + 1] <= wanted) last = half
      else first = half + 1
    }
    const start = this.#low + first * this.#width
    const end = start + this.#width
    const rest = wanted - (side === 0 ? sums[first] : sums[first + 1])
    return safeguardedNewton(
      (x) => (side === 0 ? this.#integral(start, x) - rest : rest - this.#integral(x, end)),
      (x, error) => x - error / this.density(x),
      [start, end],
      (start + end) / 2,
      (x, step, low, high) => Math.min(step, high - low) <= 1e-15 * (Math.abs(x) + this.#width),
    )
  }

  #integral(from: number, to: number): number {
    const { nodes, weights } = this.#rule
    const half = (to - from) / 2
    for (let i = 0; i < COUNT; i++) this.#places[i] = from + half * (1 + nodes[i])
    this.#logDensity(this.#places, this.#logs)
    let sum = 0
    for (let i = 0; i < COUNT; i++) sum += weights[i] * Math.exp(this.#logs[i])
    return sum * half
  }

  /** The density at x, as it is. */
  density(x: number): number {
    const out = new Float64Array(1)
    this.#logDensity(Float64Array.of(x), out)
    return Math.exp(out[0])
  }
}
