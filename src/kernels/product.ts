import { type Float64Kernels, float64Kernels } from './float64.ts'
import type { TimeTables } from './mixture.ts'
import { type Lane, loadLane, RowBlocks } from './rows.ts'

/** A product of 1-D mixtures in the basis z = R x. */
interface ProductTables {
  readonly dimension: number
  /** R, [d, d] row-major, null for the identity */
  readonly rotation: Float64Array | null
  /** Index of the first component of every coordinate, and their number: d + 1 entries */
  readonly starts: Int32Array
  /** The means of all components, coordinate after coordinate */
  readonly means: Float64Array
}

/** Score and denoiser of a rotated product, in float64 SIMD over pairs of rows, each at a time of its own. */
export class ProductKernel {
  readonly #dimension: number
  readonly #total: number
  readonly #rotated: boolean
  readonly #kernels: Float64Kernels
  readonly #tables: Float64Array
  readonly #startsAt: number
  readonly #tablesAt: number
  readonly #scratch: number
  readonly #rows: RowBlocks

  constructor({ dimension: d, rotation, starts, means }: ProductTables) {
    const total = means.length
    const most = starts.reduce((largest, start, i) => Math.max(largest, i > 0 ? start - starts[i - 1] : 0), 0)
    this.#dimension = d
    this.#total = total
    this.#rotated = rotation !== null
    this.#startsAt = rotation ? 16 * d * d : 0
    this.#tablesAt = this.#startsAt + 8 * Math.ceil((d + 1) / 2)
    const end = this.#tablesAt + 56 * total
    this.#scratch = end + (end % 16)
    const rowsAt = this.#scratch + 16 * (2 * d + most)
    this.#kernels = float64Kernels(rowsAt + RowBlocks.bytes(d))
    const { memory } = this.#kernels
    this.#rows = new RowBlocks(memory, rowsAt, d)
    if (rotation) {
      const matrices = new Float64Array(memory.buffer, 0, 2 * d * d)
      matrices.set(rotation)
      for (let i = 0; i < d; i++)
        for (let j = 0; j < d; j++) matrices[d * d + j * d + i] = rotation[i * d + j]
    }
    new Int32Array(memory.buffer, this.#startsAt, d + 1).set(starts)
    this.#tables = new Float64Array(memory.buffer, this.#tablesAt, 7 * total)
    this.#tables.set(means, 6 * total)
  }

  /** Sets the time that `combine` works at for even or for odd rows. */
  load(lane: Lane, { constants, inverse, gains }: TimeTables): void {
    loadLane(this.#tables, 0, lane, constants)
    loadLane(this.#tables, 2 * this.#total, lane, inverse)
    loadLane(this.#tables, 4 * this.#total, lane, gains)
  }

  /**
   * out = Rᵀ g, g_i = Σ_k r_k (offset μ_k + gain_k (z_i − μ_k)), for the values from … to − 1 of x, whole rows. A row's bits
   * do not depend on the rows beside it.
   */
  combine(offset: 0 | 1, x: Float64Array, out: Float64Array, from = 0, to = x.length): void {
    const [total, d] = [this.#total, this.#dimension]
    this.#rows.run(x, out, from, to, (xAt, outAt, rows) =>
      this.#kernels.product(
        this.#rotated,
        0,
        this.#startsAt,
        this.#tablesAt,
        total,
        d,
        offset,
        this.#scratch,
        xAt,
        outAt,
        rows,
      ),
    )
  }
}
