import { type ButcherTableau, isFsal } from '../numeric/butcher-tableau.ts'
import { type Float64Kernels, float64Kernels, reserve } from './float64.ts'

/** A Gaussian mixture Σ w_k N(μ_k, Q_k diag(λ_k) Q_kᵀ), all row-major, with the centre and the scale of its comoving coordinates. */
export interface FlowMixture {
  readonly weights: Float64Array
  /** [K, d] */
  readonly means: Float64Array
  /** [K, d] */
  readonly eigenvalues: Float64Array
  /** [K, d, d], column j the eigenvector j */
  readonly eigenvectors: Float64Array
  /** [d] */
  readonly centre: Float64Array
  readonly scale: number
}

const HEADER = 96
const ALIGN = 16

/** Kernels work on four rows at a time: more copies of the last row fill the last four. */
function padded(rows: number): number {
  return 4 * Math.ceil(rows / 4)
}

/**
 * Steps of a Runge–Kutta method for a block of trajectories through a Gaussian mixture in comoving coordinates, in float64
 * SIMD: src/kernels/assembly/flow. One time for all rows.
 */
export class MixtureFlow {
  readonly #dimension: number
  readonly #stages: number
  readonly #mostRows: number
  readonly #kernels: Float64Kernels
  readonly #flow: number
  readonly #header: Uint32Array
  readonly #memory: ArrayBuffer
  readonly #addresses: Record<'y' | 'slopes' | 'logWeights' | 'means' | 'eigenvalues' | 'outer', number>
  #rows = 0

  /** For blocks of at most `mostRows` rows and mixtures of at most `mostComponents` components. */
  constructor(dimension: number, mostComponents: number, mostRows: number, tableau: ButcherTableau) {
    const [d, count] = [dimension, mostComponents]
    const { c, a, b } = tableau
    const estimates = tableau.error?.weights ?? []
    const stages = c.length
    const vector = 8 * d * padded(mostRows)
    const entries = d === 2 ? 3 : d * d
    // the weights of the stages, the solution, its error estimates, and of the first slope alone
    const terms = [...a, b, ...estimates, [1]].map((row) =>
      row.flatMap((weight, i) => (weight === 0 ? [] : [{ weight, i }])),
    )
    const all = terms.flat()
    this.#kernels = float64Kernels(0)
    this.#flow = ALIGN * Math.ceil(this.#kernels.free() / ALIGN)
    let end = this.#flow + HEADER
    const place = (bytes: number) => {
      const at = end
      end += ALIGN * Math.ceil(bytes / ALIGN)
      return at
    }
    const y = place(3 * vector)
    const slopes = place((stages + 1) * vector)
    const starts = place(4 * (terms.length + 1))
    const which = place(4 * all.length)
    const weights = place(8 * all.length)
    const nodesAt = place(8 * stages)
    const tableBytes = 8 * (1 + count * (1 + 2 * d + entries))
    const tables = place(stages * tableBytes)
    const logWeights = place(8 * count)
    const means = place(8 * count * d)
    const eigenvalues = place(8 * count * d)
    const outer = place(8 * count * d * entries)
    const scratch = place(32 * ((1 + d) * count + 2 * d))

    this.#dimension = d
    this.#stages = stages
    this.#mostRows = mostRows
    this.#addresses = { y, slopes, logWeights, means, eigenvalues, outer }
    reserve(this.#kernels.memory, end)
    this.#memory = this.#kernels.memory.buffer
    this.#header = new Uint32Array(this.#memory, this.#flow, HEADER / 4)
    this.#header.set([d, 0, 0, stages, estimates.length, Number(isFsal(tableau)), y, slopes, starts, which])
    this.#header.set(
      [weights, nodesAt, tables, tableBytes, logWeights, means, eigenvalues, outer, scratch],
      10,
    )
    let sum = 0
    new Int32Array(this.#memory, starts, terms.length + 1).set([
      0,
      ...terms.map((row) => (sum += row.length)),
    ])
    new Int32Array(this.#memory, which, all.length).set(all.map(({ i }) => i))
    new Float64Array(this.#memory, weights, all.length).set(all.map(({ weight }) => weight))
    new Float64Array(this.#memory, nodesAt, stages).set(c)
  }

  /** Sets the mixture whose trajectories are followed. */
  set({ weights, means, eigenvalues, eigenvectors, centre, scale }: FlowMixture): void {
    const d = this.#dimension
    const count = weights.length
    const at = this.#addresses
    const values = (from: number, length: number) => new Float64Array(this.#memory, from, length)
    this.#header[1] = count
    values(this.#flow + 80, 1)[0] = scale
    values(at.logWeights, count).set(weights.map((weight) => 2 * Math.log(weight)))
    values(at.means, count * d).set(means.map((value, i) => value - centre[i % d]))
    values(at.eigenvalues, count * d).set(eigenvalues)
    const entries = d === 2 ? [0, 1, 3] : Array.from({ length: d * d }, (_, i) => i)
    const outer = values(at.outer, count * d * entries.length)
    for (let k = 0, to = 0; k < count; k++)
      for (let j = 0; j < d; j++)
        for (const entry of entries) {
          const [row, column] = [Math.floor(entry / d), entry % d]
          outer[to++] = eigenvectors[(k * d + row) * d + j] * eigenvectors[(k * d + column) * d + j]
        }
  }

  /** Takes y, [rows, d] row-major, at most as many rows as there is room for. */
  load(y: Float64Array): void {
    const d = this.#dimension
    const rows = y.length / d
    if (rows > this.#mostRows) throw new Error(`${rows} rows where there is room for ${this.#mostRows}.`)
    this.#rows = padded(rows)
    this.#header[2] = this.#rows
    const lines = new Float64Array(this.#memory, this.#addresses.y, d * this.#rows)
    for (let i = 0; i < d; i++) {
      for (let row = 0; row < rows; row++) lines[i * this.#rows + row] = y[row * d + i]
      lines.fill(y[(rows - 1) * d + i], i * this.#rows + rows, (i + 1) * this.#rows)
    }
  }

  /** Puts y into [rows, d] row-major. */
  store(y: Float64Array): void {
    const d = this.#dimension
    const rows = y.length / d
    const lines = new Float64Array(this.#memory, this.#addresses.y, d * this.#rows)
    for (let i = 0; i < d; i++)
      for (let row = 0; row < rows; row++) y[row * d + i] = lines[i * this.#rows + row]
  }

  /** The slope at y, as the first. */
  first(theta: number): void {
    this.#kernels.slope(this.#flow, theta, this.#addresses.y, -1, 0, 0)
  }

  /**
   * y' at θ for all rows loaded, without a step: d lines, `stride` numbers apart. A view, good until the next call.
   */
  slopes(theta: number): { readonly lines: Float64Array; readonly stride: number } {
    this.first(theta)
    const lines = new Float64Array(this.#memory, this.#addresses.slopes, this.#dimension * this.#rows)
    return { lines, stride: this.#rows }
  }

  /** A step from θ to θ + h: returns its error, to be accepted where at most 1. */
  step(theta: number, h: number, rtol: number, atol: number): number {
    return this.#kernels.step(this.#flow, theta, h, rtol, atol)
  }

  /** Moves y to the end of the step, and computes the slope there unless it is the last. */
  accept(theta: number, last: boolean): void {
    this.#kernels.accept(this.#flow, theta, !last)
  }

  /** The sizes of y, of its slope, and of the slope's change over a step h of Euler's method, relative to the tolerances. */
  sizes(theta: number, rtol: number, atol: number, trial: (size: number, speed: number) => number) {
    const { y, slopes } = this.#addresses
    const size = this.#kernels.size(this.#flow, y, 0, rtol, atol)
    const speed = this.#kernels.size(this.#flow, slopes, 0, rtol, atol)
    const h = trial(size, speed)
    const last = slopes + 8 * this.#dimension * this.#rows * this.#stages
    this.#kernels.slope(this.#flow, theta + h, y, this.#stages + this.#header[4] + 1, h, this.#stages)
    return { speed, h, change: this.#kernels.size(this.#flow, last, slopes, rtol, atol) }
  }
}
