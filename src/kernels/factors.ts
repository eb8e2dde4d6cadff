import { type Float64Kernels, float64Kernels } from './float64.ts'
import type { TimeTables } from './mixture.ts'
import { type Lane, loadLane, RowBlocks } from './rows.ts'

/** A mixture of factor analysers, all row-major. */
interface FactorTables {
  readonly count: number
  readonly dimension: number
  /** q, of every component */
  readonly rank: number
  /** [K, d] */
  readonly means: Float64Array
  /** F, [K, d, q] */
  readonly factors: Float64Array
}

/** What depends on the time: `inverse` is 1/(ψ + t²), `gains` −1/(ψ + t²) for the score and ψ/(ψ + t²) for the denoiser. */
interface FactorTimeTables extends TimeTables {
  /** (I + Fᵀ diag(inverse) F)⁻¹, [K, q, q] */
  readonly inner: Float64Array
}

/** Score and denoiser of a mixture of factor analysers, in float64 SIMD over pairs of rows, each at a time of its own. */
export class FactorKernel {
  readonly #count: number
  readonly #dimension: number
  readonly #rank: number
  readonly #kernels: Float64Kernels
  readonly #tables: Float64Array
  readonly #scratch: number
  readonly #rows: RowBlocks

  constructor({ count, dimension: d, rank: q, means, factors }: FactorTables) {
    this.#count = count
    this.#dimension = d
    this.#rank = q
    const fixed = 2 * count * (1 + 2 * d + q * q)
    const tables = fixed + count * d * (1 + 2 * q)
    // the scratch holds pairs: it starts at a multiple of 16 bytes
    this.#scratch = 8 * (tables + (tables % 2))
    const end = this.#scratch + 16 * (count * (1 + d) + 2 * d + 2 * q)
    this.#kernels = float64Kernels(end + RowBlocks.bytes(d))
    const { memory } = this.#kernels
    this.#rows = new RowBlocks(memory, end, d)
    this.#tables = new Float64Array(memory.buffer, 0, tables)
    this.#tables.set(means, fixed)
    const loadings = fixed + count * d
    this.#tables.set(factors, loadings)
    const transposes = this.#tables.subarray(loadings + count * d * q)
    for (let k = 0; k < count; k++)
      for (let i = 0; i < d; i++)
        for (let j = 0; j < q; j++) transposes[(k * q + j) * d + i] = factors[(k * d + i) * q + j]
  }

  /** Sets the time that `combine` works at for even or for odd rows. */
  load(lane: Lane, { constants, inverse, gains, inner }: FactorTimeTables): void {
    const [count, d] = [this.#count, this.#dimension]
    loadLane(this.#tables, 0, lane, constants)
    loadLane(this.#tables, 2 * count, lane, inverse)
    loadLane(this.#tables, 2 * count * (1 + d), lane, gains)
    loadLane(this.#tables, 2 * count * (1 + 2 * d), lane, inner)
  }

  /** As `MixtureKernel.combine`. */
  combine(offset: 0 | 1, x: Float64Array, out: Float64Array, from = 0, to = x.length): void {
    const [count, d, q] = [this.#count, this.#dimension, this.#rank]
    this.#rows.run(x, out, from, to, (xAt, outAt, rows) =>
      this.#kernels.factors(0, count, d, q, offset, this.#scratch, xAt, outAt, rows),
    )
  }
}
