import { type Float64Kernels, float64Kernels } from './float64.ts'
import { type Lane, loadLane, RowBlocks } from './rows.ts'

/** A mixture in its eigenbases, all row-major. */
interface MixtureTables {
  readonly count: number
  readonly dimension: number
  /** [K, d] */
  readonly means: Float64Array
  /** [K, d, d], column j the eigenvector j */
  readonly eigenvectors: Float64Array
}

/** What depends on the time, for every component (and coordinate). */
export interface TimeTables {
  /** log weights with the normalisation */
  readonly constants: Float64Array
  /** 1/(λ + t²) */
  readonly inverse: Float64Array
  /** What the distance to the mean is multiplied with: −1/(λ + t²) for the score, λ/(λ + t²) for the denoiser */
  readonly gains: Float64Array
}

/** Score and denoiser of a Gaussian mixture, in float64 SIMD over pairs of rows, each at a time of its own. */
export class MixtureKernel {
  readonly #count: number
  readonly #dimension: number
  readonly #kernels: Float64Kernels
  readonly #tables: Float64Array
  readonly #scratch: number
  readonly #rows: RowBlocks

  constructor({ count, dimension: d, means, eigenvectors }: MixtureTables) {
    this.#count = count
    this.#dimension = d
    const fixed = count * (2 + 4 * d)
    const tables = fixed + count * d * (1 + 2 * d)
    // the scratch holds pairs: it starts at a multiple of 16 bytes
    this.#scratch = 8 * (tables + (tables % 2))
    const end = this.#scratch + 16 * (count * (1 + d) + 2 * d)
    this.#kernels = float64Kernels(end + RowBlocks.bytes(d))
    const { memory } = this.#kernels
    this.#rows = new RowBlocks(memory, end, d)
    this.#tables = new Float64Array(memory.buffer, 0, tables)
    this.#tables.set(means, fixed)
    const vectors = fixed + count * d
    this.#tables.set(eigenvectors, vectors)
    const transposes = this.#tables.subarray(vectors + count * d * d)
    for (let k = 0; k < count; k++)
      for (let i = 0; i < d; i++)
        for (let j = 0; j < d; j++) transposes[(k * d + j) * d + i] = eigenvectors[(k * d + i) * d + j]
  }

  /** Sets the time that `combine` works at for even or for odd rows. */
  load(lane: Lane, { constants, inverse, gains }: TimeTables): void {
    const [count, d] = [this.#count, this.#dimension]
    loadLane(this.#tables, 0, lane, constants)
    loadLane(this.#tables, 2 * count, lane, inverse)
    loadLane(this.#tables, 2 * count * (1 + d), lane, gains)
  }

  /**
   * out = Σ_k r_k (offset μ_k + Q_k (gains_k ⊙ z_k)), r_k the responsibilities, for the values from … to − 1 of x, whole
   * rows. A row's bits do not depend on the rows beside it.
   */
  combine(offset: 0 | 1, x: Float64Array, out: Float64Array, from = 0, to = x.length): void {
    const [count, d] = [this.#count, this.#dimension]
    this.#rows.run(x, out, from, to, (xAt, outAt, rows) =>
      this.#kernels.mixture(0, count, d, offset, this.#scratch, xAt, outAt, rows),
    )
  }
}
