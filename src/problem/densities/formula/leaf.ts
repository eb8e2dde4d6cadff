import { legendreRule, NODES } from './legendre.ts'

// the kernel is left out below e^-40 of its largest value in the cell
const NEGLIGIBLE = 40
const WINDOW = Math.sqrt(2 * NEGLIGIBLE)
// change of the exponent over a panel beside the cell; width of a panel inside it, in units of t
const CHANGE = 6
const WIDTH = 2
// P_{k+1} = UP_k x P_k − DOWN_k P_{k−1}
const UP = Float64Array.from({ length: NODES }, (_, k) => (2 * k + 1) / (k + 1))
const DOWN = Float64Array.from({ length: NODES }, (_, k) => k / (k + 1))

/**
 * ∫ ℓ_i(y) exp(−(y − x)²/(2t²)) dy over one axis of a cell for its 16 Lagrange polynomials ℓ_i, and the same with the
 * factor y − x, for a kernel as narrow as you like: Gauss–Legendre panels where the kernel is, in coordinates of the
 * cell. Scaled by the largest value of the kernel in the cell.
 */
export class AxisIntegrals {
  readonly values = new Float64Array(NODES)
  readonly moments = new Float64Array(NODES)
  /** The same with 1 for ℓ_i. */
  value = 0
  moment = 0
  readonly #rule = legendreRule()
  readonly #legendre = new Float64Array(NODES)
  readonly #legendreMoments = new Float64Array(NODES)

  /** For a cell whose middle is at `offset` from x. Returns the exponent that the values are scaled by. */
  fill(offset: number, half: number, t: number): number {
    const near = Math.max(0, Math.abs(offset) - half)
    const side = offset > 0 ? 1 : -1
    this.#legendre.fill(0)
    this.#legendreMoments.fill(0)
    if (near > 0) {
      // from the nearer edge on: far away the difference of two squares would have no digits
      const reach = (2 * NEGLIGIBLE * t * t) / (near + Math.sqrt(near * near + 2 * NEGLIGIBLE * t * t))
      const end = Math.min(2 * half, reach)
      const count = Math.ceil((end * (end + 2 * near)) / (2 * t * t) / CHANGE)
      this.#panels(0, end, Math.max(1, count), { origin: -side, sign: side, near, half, t })
    } else {
      const low = Math.max(-half, -offset - WINDOW * t)
      const high = Math.min(half, -offset + WINDOW * t)
      const count = Math.ceil((high - low) / (WIDTH * t))
      // from x on
      this.#panels(low + offset, high + offset, Math.max(1, count), {
        origin: -offset / half,
        sign: 1,
        near: 0,
        half,
        t,
      })
    }
    this.value = this.#legendre[0]
    this.moment = this.#legendreMoments[0]
    const { coefficients } = this.#rule
    this.values.fill(0)
    this.moments.fill(0)
    for (let k = 0; k < NODES; k++)
      for (let i = 0; i < NODES; i++) {
        this.values[i] += coefficients[k][i] * this.#legendre[k]
        this.moments[i] += coefficients[k][i] * this.#legendreMoments[k]
      }
    return (near * near) / (2 * t * t)
  }

  /**
   * Adds up ∫ P_k times the kernel over u in [low, high], where y − x = sign (near + u) and the place in the cell is
   * origin + sign u/half.
   */
  #panels(low: number, high: number, count: number, line: Line): void {
    const { origin, sign, near, half, t } = line
    const [sums, moments] = [this.#legendre, this.#legendreMoments]
    const { nodes, weights } = this.#rule
    const step = (high - low) / (2 * count)
    for (let panel = 0; panel < count; panel++)
      for (let i = 0; i < NODES; i++) {
        const u = low + step * (2 * panel + 1 + nodes[i])
        const x = origin + (sign * u) / half
        const distance = sign * (near + u)
        let previous = 0
        let value = weights[i] * step * Math.exp((-u * (u + 2 * near)) / (2 * t * t))
        for (let k = 0; k < NODES; k++) {
          sums[k] += value
          moments[k] += value * distance
          const next = UP[k] * x * value - DOWN[k] * previous
          previous = value
          value = next
        }
      }
  }
}

interface Line {
  readonly origin: number
  readonly sign: number
  readonly near: number
  readonly half: number
  readonly t: number
}
