import { type Float64Kernels, float64Kernels, reserve } from './float64.ts'

/** A map of a uniform grid of nodes, in cell coordinates 0 to nodes − 1, to R^d by a quintic tensor spline; d is 1 to 3. */
interface TabulatedMap {
  readonly dimension: number
  /** Nodes an axis. */
  readonly nodes: number
  /** [nodes^d, d], the last axis fastest */
  readonly images: Float64Array
  /** [(nodes + 4)^d, d] */
  readonly coefficients: Float64Array
}

const ALIGN = 16
const HEADER = 112
const SCRATCH = 8 * 80
/** Rows that are inverted in one call. */
const BLOCK = 1024
/** Buckets a node along an axis, by dimension: finer ones start Newton's method nearer, but cost time to fill. */
const FINENESS = [4, 2, 1]
const SWEEPS = 1
/** Buckets on either side whose nodes are tried when the nearest did not lead to the point, and how many of them. */
const AROUND = 2
const STARTS = 12
/** Components of a coefficient in memory, by dimension. */
const WIDTH = [1, 2, 4]

/** 64-bit numbers a node that the kernel of a table keeps. */
export function tableKernelNumbers(dimension: number): number {
  const d = dimension
  return (WIDTH[d - 1] ?? d) + d + d * d + 1.5 * (FINENESS[d - 1] ?? 1) ** d
}

/** Inverts a tabulated map by Newton's method, in WebAssembly: src/kernels/assembly/table. */
export class TableKernel {
  readonly #dimension: number
  readonly #kernels: Float64Kernels
  readonly #table: number
  readonly #rows: Float64Array
  readonly #buckets: Int32Array
  readonly #low: Float64Array
  readonly #perUnit: Float64Array
  readonly #across: number

  constructor({ dimension: d, nodes, images, coefficients }: TabulatedMap) {
    const size = nodes ** d
    const width = WIDTH[d - 1] ?? d
    const across = nodes * (FINENESS[d - 1] ?? 1)
    const low = new Float64Array(3)
    const perUnit = new Float64Array(3)
    for (let i = 0; i < d; i++) {
      let [least, most] = [Infinity, -Infinity]
      for (let at = i; at < images.length; at += d) {
        if (images[at] < least) least = images[at]
        if (images[at] > most) most = images[at]
      }
      low[i] = least
      perUnit[i] = across / (most - least)
    }
    this.#kernels = float64Kernels(0)
    this.#table = ALIGN * Math.ceil(this.#kernels.free() / ALIGN)
    let end = this.#table + HEADER
    const place = (bytes: number) => {
      const at = end
      end += ALIGN * Math.ceil(bytes / ALIGN)
      return at
    }
    const count = across ** d + Number(d === 1)
    const scratch = place(SCRATCH)
    const rows = place(8 * BLOCK * d)
    const coefficientsAt = place((8 * width * coefficients.length) / d)
    const imagesAt = place(8 * images.length)
    const inverses = place(8 * size * d * d)
    const buckets = place(4 * count)
    const distances = d === 1 ? end : place(8 * count)
    reserve(this.#kernels.memory, end)
    const { buffer } = this.#kernels.memory
    new Uint32Array(buffer, this.#table, 11).set([
      ...[d, nodes, nodes + 4, size, across],
      ...[coefficientsAt, imagesAt, inverses, buckets, distances, scratch],
    ])
    new Float64Array(buffer, this.#table + 48, 6).set([...low, ...perUnit])
    new Float64Array(buffer, imagesAt, images.length).set(images)
    const padded = new Float64Array(buffer, coefficientsAt, (width * coefficients.length) / d)
    if (width === d) padded.set(coefficients)
    else
      for (let from = 0, to = 0; from < coefficients.length; from += d, to += width)
        for (let i = 0; i < d; i++) padded[to + i] = coefficients[from + i]
    this.#rows = new Float64Array(buffer, rows, BLOCK * d)
    this.#buckets = new Int32Array(buffer, buckets, count).fill(-1)
    this.#dimension = d
    this.#low = low
    this.#perUnit = perUnit
    this.#across = across
    this.#kernels.prepareTable(this.#table, SWEEPS)
  }

  /**
   * Replaces the rows of y, [n, d], by their cell coordinates; by NaN where Newton's method from the nearest node did not arrive
   * or the point is outside the images. Returns how many those are.
   */
  invert(y: Float64Array): number {
    const length = this.#rows.length
    let missed = 0
    for (let first = 0; first < y.length; first += length) {
      const part = y.subarray(first, Math.min(first + length, y.length))
      this.#rows.set(part)
      missed += this.#kernels.invertTable(this.#table, this.#rows.byteOffset, part.length / this.#dimension)
      part.set(part.length === length ? this.#rows : this.#rows.subarray(0, part.length))
    }
    return missed
  }

  /**
   * The cell coordinates of one row, y[start …], in its place, from the nodes of the buckets around, the nearest first. Returns
   * whether one of them led there.
   */
  invertAround(y: Float64Array, start: number): boolean {
    const d = this.#dimension
    if (d === 1) return false
    for (let i = 0; i < d; i++) this.#rows[i] = y[start + i]
    const address = this.#rows.byteOffset
    for (const node of this.#around(y, start)) {
      if (!this.#kernels.newtonFrom(this.#table, node, address, address)) continue
      for (let i = 0; i < d; i++) y[start + i] = this.#rows[i]
      return true
    }
    return false
  }

  #around(y: Float64Array, start: number): number[] {
    const d = this.#dimension
    const across = this.#across
    const width = 2 * AROUND + 1
    const found = new Map<number, number>()
    for (let k = 0; k < width ** d; k++) {
      let bucket = 0
      for (let i = 0, rest = k; i < d; i++, rest = Math.floor(rest / width)) {
        const own = Math.floor((y[start + i] - this.#low[i]) * this.#perUnit[i])
        const cell = Math.min(Math.max(own, 0), across - 1) + (rest % width) - AROUND
        bucket = bucket * across + Math.min(Math.max(cell, 0), across - 1)
      }
      const node = this.#buckets[bucket]
      if (!found.has(node))
        found.set(node, this.#kernels.nodeDistance(this.#table, node, this.#rows.byteOffset))
    }
    return [...found]
      .sort((a, b) => a[1] - b[1])
      .slice(0, STARTS)
      .map(([node]) => node)
  }
}
