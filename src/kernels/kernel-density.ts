import { type Float64Kernels, float64Kernels } from './float64.ts'
import { GaussTreeKernel } from './gauss-tree.ts'

/** Rows that go through the kernel at a time. */
const BLOCK = 512
// beyond this many nats under the nearest centre a kernel adds less than 3e-20 to the sum
const NEGLIGIBLE = 45

/** From how many centres on a tree takes less time than plain sums, in 1, 2 and 3 dimensions. */
const TREE = [200, 1000, 4000]

/** The posterior over the centres of a kernel density, by whatever sums them up fastest. */
export interface PosteriorKernel {
  /**
   * Calls `each` for every row with the posterior mean of the centre, the squared distance to the nearest centre, and
   * Σ exp(−(d² − d²_min)/(2 v)). The variances v = h² + t² are one for all rows or one a row.
   *
   * @param each gets the row, and an array in which the mean starts at `at`, followed by distance and sum
   */
  respond(
    variances: number | Float64Array,
    x: Float64Array,
    each: (row: number, values: Float64Array, at: number) => void,
  ): void
}

/** @param centres [N, d] row-major */
export function posteriorKernel(centres: Float64Array, dimension: number): PosteriorKernel {
  const fewest = TREE[dimension - 1]
  return fewest !== undefined && centres.length / dimension >= fewest
    ? new GaussTreeKernel(centres, dimension)
    : new KernelDensityKernel(centres, dimension)
}

/**
 * The posterior over the centres of an equally weighted isotropic Gaussian mixture, in float64 SIMD.
 *
 * @param centres [N, d] row-major
 */
export class KernelDensityKernel implements PosteriorKernel {
  readonly #dimension: number
  readonly #padded: number
  readonly #exports: Float64Kernels
  readonly #addresses: {
    readonly squares: number
    readonly x: number
    readonly variances: number
    readonly out: number
  }

  constructor(centres: Float64Array, dimension: number) {
    const count = centres.length / dimension
    this.#dimension = dimension
    this.#padded = count + (count % 2)
    const squares = 8 * this.#padded * dimension
    const x = squares + 8 * this.#padded
    const variances = x + 8 * BLOCK * dimension
    const out = variances + 8 * BLOCK
    const end = out + 8 * BLOCK * (dimension + 2)
    this.#addresses = { squares, x, variances, out }
    this.#exports = float64Kernels(end)
    const { memory } = this.#exports
    const stored = new Float64Array(memory.buffer, 0, this.#padded * dimension)
    // an odd count is padded with a centre so far away that it weighs nothing
    stored.fill(1e100)
    for (let k = 0; k < count; k++)
      for (let i = 0; i < dimension; i++) stored[i * this.#padded + k] = centres[k * dimension + i]
  }

  respond(
    variances: number | Float64Array,
    x: Float64Array,
    each: (row: number, values: Float64Array, at: number) => void,
  ): void {
    const d = this.#dimension
    const { squares, x: xAt, variances: variancesAt, out } = this.#addresses
    const { buffer } = this.#exports.memory
    const rows = x.length / d
    const xs = new Float64Array(buffer, xAt, BLOCK * d)
    const vs = new Float64Array(buffer, variancesAt, BLOCK)
    const values = new Float64Array(buffer, out, BLOCK * (d + 2))
    if (typeof variances === 'number') vs.fill(variances)
    for (let first = 0; first < rows; first += BLOCK) {
      const count = Math.min(BLOCK, rows - first)
      xs.set(x.subarray(first * d, (first + count) * d))
      if (typeof variances !== 'number') vs.set(variances.subarray(first, first + count))
      this.#exports.respond(0, this.#padded, d, squares, xAt, variancesAt, out, count, NEGLIGIBLE)
      for (let row = 0; row < count; row++) each(first + row, values, row * (d + 2))
    }
  }
}
