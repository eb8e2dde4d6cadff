import { type Float64Kernels, float64Kernels } from './float64.ts'

/** Rows that go through a kernel at a time. */
export const BLOCK = 512
// beyond this many nats under the nearest centre a kernel adds less than 3e-20 to the sum
const NEGLIGIBLE = 45

/** The posterior over the centres of a kernel density, by whatever sums them up fastest. */
export interface PosteriorKernel {
  /** What a row costs, in centres that are summed one by one. */
  readonly terms: number
  /**
   * Calls `each` for every row with the posterior mean of the centre, a squared distance d₀², that to the nearest centre or 0, and
   * Σ exp(−(d² − d₀²)/(2 v)). The variances v = h² + t² are one for all rows or one a row.
   *
   * @param each gets the row, and an array in which the mean starts at `at`, followed by d₀² and the sum
   */
  respond(
    variances: number | Float64Array,
    x: Float64Array,
    each: (row: number, values: Float64Array, at: number) => void,
  ): void
}

/** Where a kernel takes a block of rows and their variances, and puts its values. */
export interface BlockAddresses {
  readonly x: number
  readonly variances: number
  readonly out: number
}

/**
 * `respond` of a `PosteriorKernel`, block by block.
 *
 * @param run the kernel on the first `count` rows of a block
 */
export function respondInBlocks(
  { buffer }: WebAssembly.Memory,
  at: BlockAddresses,
  d: number,
  variances: number | Float64Array,
  x: Float64Array,
  each: (row: number, values: Float64Array, at: number) => void,
  run: (count: number) => void,
): void {
  const rows = x.length / d
  const xs = new Float64Array(buffer, at.x, BLOCK * d)
  const vs = new Float64Array(buffer, at.variances, BLOCK)
  const values = new Float64Array(buffer, at.out, BLOCK * (d + 2))
  if (typeof variances === 'number') vs.fill(variances)
  for (let first = 0; first < rows; first += BLOCK) {
    const count = Math.min(BLOCK, rows - first)
    xs.set(x.subarray(first * d, (first + count) * d))
    if (typeof variances !== 'number') vs.set(variances.subarray(first, first + count))
    run(count)
    for (let row = 0; row < count; row++) each(first + row, values, row * (d + 2))
  }
}

/**
 * The posterior over the centres of an equally weighted isotropic Gaussian mixture, in float64 SIMD.
 *
 * @param centres [N, d] row-major
 */
export class KernelDensityKernel implements PosteriorKernel {
  readonly terms: number
  readonly #dimension: number
  readonly #padded: number
  readonly #exports: Float64Kernels
  readonly #addresses: BlockAddresses & { readonly squares: number }

  constructor(centres: Float64Array, dimension: number) {
    const count = centres.length / dimension
    this.terms = count
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
    const { squares, ...at } = this.#addresses
    const { memory } = this.#exports
    respondInBlocks(memory, at, this.#dimension, variances, x, each, (count) =>
      this.#exports.respond(
        0,
        this.#padded,
        this.#dimension,
        squares,
        at.x,
        at.variances,
        at.out,
        count,
        NEGLIGIBLE,
      ),
    )
  }
}
