import { type Float64Kernels, float64Kernels, reserve } from './float64.ts'
import { BLOCK, type BlockAddresses, type PosteriorKernel, respondInBlocks } from './kernel-density.ts'

/** Degrees of the expansions in 1, 2 and 3 dimensions. */
const ORDERS = [44, 28, 18]
/** Centres of a leaf at the most, by dimension. */
const LEAF = [24, 48, 96]
/** The fewest centres that are worth an expansion, by dimension. */
const EXPANDED = [32, 48, 96]
const NODE = 17
// of a box across its longest side
const HALVINGS = 48
/** Boxes that wait to be looked at: one for each level, and one more. */
const WAITING = 128
/** Numbers of the header in src/kernels/assembly/gauss-tree/tree.ts. */
const HEADER = 13
// centres that fill up a pair are so far away that they weigh nothing
const FAR = 1e100

interface Node {
  readonly first: number
  readonly end: number
  /** Of the centres, padded to pairs. */
  at: number
  left: number
  right: number
}

/**
 * The posterior over the centres of an equally weighted isotropic Gaussian mixture in 1 to 3 dimensions, as `KernelDensityKernel`, in a time that grows
 * far less than in proportion to the centres: a tree of boxes, those that are small beside √v by their Hermite expansions (docs/mathematics.md §1.8).
 * The relative error of mean and sum is below 1e-13.
 *
 * @param centres [N, d] row-major, d at most 3
 */
export class GaussTreeKernel implements Pick<PosteriorKernel, 'respond'> {
  readonly #dimension: number
  readonly exports: Float64Kernels
  /** Address of its `Tree`. */
  readonly header: number
  readonly addresses: BlockAddresses
  /** The first byte behind it that is free. */
  readonly end: number

  constructor(centres: Float64Array, dimension: number) {
    const d = dimension
    this.#dimension = d
    const order = ORDERS[d - 1]
    const { nodes, rows, padded } = split(centres, d)
    const { starts, size } = layout(order, d)
    const expanded = nodes.map(({ first, end }) => end - first >= EXPANDED[d - 1])
    const kernels = float64Kernels(0)
    let end = 16 * Math.ceil(kernels.free() / 16)
    const claim = (bytes: number) => {
      const at = end
      end = 16 * Math.ceil((end + bytes) / 16)
      return at
    }
    const line = 8 * (order + 4)
    const header = claim(4 * HEADER)
    const at = {
      nodes: claim(8 * NODE * nodes.length),
      centres: claim(8 * padded * d),
      moments: claim(8 * size * expanded.filter(Boolean).length),
      starts: claim(4 * starts.length),
      roots: claim(8 * (order + 3)),
      inverses: claim(8 * (order + 3)),
      logs: claim(8 * (order + 3)),
      stack: claim(8 * WAITING),
      scratch: claim(6 * line + 32),
    }
    this.header = header
    this.addresses = {
      x: claim(8 * BLOCK * d),
      variances: claim(8 * BLOCK),
      out: claim(8 * BLOCK * (d + 2)),
    }
    reserve(kernels.memory, end)
    this.end = end
    this.exports = kernels
    const { buffer } = kernels.memory
    const doubles = (place: number, length: number) => new Float64Array(buffer, place, length)
    new Uint32Array(buffer, header, HEADER).set([
      ...[at.nodes, at.centres, 8 * padded, at.moments, at.starts, at.roots, at.inverses, at.logs],
      ...[at.stack, at.scratch, line, d, order],
    ])
    new Uint32Array(buffer, at.starts, starts.length).set(starts)
    const roots = doubles(at.roots, order + 3)
    const inverses = doubles(at.inverses, order + 3)
    const logs = doubles(at.logs, order + 3)
    for (let n = 0; n < order + 3; n++) {
      roots[n] = Math.sqrt(n)
      inverses[n] = 1 / Math.sqrt(n + 1)
      logs[n] = n === 0 ? 0 : logs[n - 1] + 0.5 * Math.log(n)
    }
    const stored = doubles(at.centres, padded * d).fill(FAR)
    for (const { first, end: stop, at: place, left } of nodes)
      if (left < 0)
        for (let k = first; k < stop; k++)
          for (let i = 0; i < d; i++) stored[i * padded + place + k - first] = centres[rows[k] * d + i]

    const powers = Array.from({ length: d }, (_, i) => doubles(at.scratch + i * line, order + 2))
    let moments = 0
    nodes.forEach((node, index) => {
      const { middle, radius, low, high } = extent(centres, d, rows.subarray(node.first, node.end))
      const count = node.end - node.first
      const record = doubles(at.nodes + 8 * NODE * index, NODE)
      record.set(middle, 0)
      record[3] = radius
      record.set(low, 4)
      record.set(high, 7)
      record.set([8 * node.at, 8 * (node.at + count + (count % 2)), node.left, node.right], 10)
      record.set([expanded[index] ? 8 * size * moments : -1, Math.log(count), count], 14)
      if (!expanded[index]) return
      for (let k = node.first; k < node.end; k++) {
        for (let i = 0; i < d; i++) {
          const u = radius > 0 ? (centres[rows[k] * d + i] - middle[i]) / radius : 0
          powers[i][0] = 1
          for (let n = 0; n < order; n++) powers[i][n + 1] = powers[i][n] * u * inverses[n]
        }
        kernels.addMoments(header, at.moments + 8 * size * moments, at.scratch)
      }
      moments++
    })
  }

  respond(
    variances: number | Float64Array,
    x: Float64Array,
    each: (row: number, values: Float64Array, at: number) => void,
  ): void {
    const at = this.addresses
    respondInBlocks(this.exports.memory, at, this.#dimension, variances, x, each, (count) =>
      this.exports.respondTree(this.header, at.x, at.variances, at.out, count),
    )
  }
}

/** Halves boxes across their longest side, at the middle, until few centres are left in each. */
function split(centres: Float64Array, d: number) {
  const rows = Uint32Array.from({ length: centres.length / d }, (_, k) => k)
  const nodes: Node[] = []
  let padded = 0
  const visit = (first: number, end: number, depth: number): number => {
    const node: Node = { first, end, at: padded, left: -1, right: -1 }
    const index = nodes.push(node) - 1
    const { low, high } = extent(centres, d, rows.subarray(first, end))
    let axis = 0
    for (let i = 1; i < d; i++) if (high[i] - low[i] > high[axis] - low[axis]) axis = i
    // scales that differ by more than the halvings of an ordinary tree are cut by numbers, so that no tree is deep
    const middle =
      depth < HALVINGS
        ? low[axis] + (high[axis] - low[axis]) / 2
        : medianOf(Float64Array.from(rows.subarray(first, end), (row) => centres[row * d + axis]))
    let cut = first
    if (end - first > LEAF[d - 1] && high[axis] > low[axis])
      for (let k = first; k < end; k++)
        if (centres[rows[k] * d + axis] < middle) {
          ;[rows[cut], rows[k]] = [rows[k], rows[cut]]
          cut++
        }
    if (cut > first && cut < end) {
      node.left = visit(first, cut, depth + 1)
      node.right = visit(cut, end, depth + 1)
    } else padded += end - first + ((end - first) % 2)
    return index
  }
  visit(0, rows.length, 0)
  return { nodes, rows, padded }
}

/** The upper median, or the smallest value above it where it is the smallest of all, so that a cut there leaves something on both sides. */
function medianOf(values: Float64Array): number {
  values.sort()
  const median = values[values.length >> 1]
  return median > values[0] ? median : (values.find((value) => value > median) ?? median)
}

/** The box of some centres, its middle, and their largest distance to that. */
function extent(centres: Float64Array, d: number, rows: Uint32Array) {
  const low = new Float64Array(d).fill(Infinity)
  const high = new Float64Array(d).fill(-Infinity)
  for (const row of rows)
    for (let i = 0; i < d; i++) {
      const value = centres[row * d + i]
      if (value < low[i]) low[i] = value
      if (value > high[i]) high[i] = value
    }
  const middle = low.map((value, i) => value + (high[i] - value) / 2)
  let square = 0
  for (const row of rows) {
    let sum = 0
    for (let i = 0; i < d; i++) sum += (centres[row * d + i] - middle[i]) ** 2
    square = Math.max(square, sum)
  }
  return { low, high, middle, radius: Math.sqrt(square) }
}

/** Where the rows of moments α = (α_1, …, α_{d−1}, ·) start, in bytes, and how many numbers a node has. Rows are padded to pairs with zeros. */
function layout(order: number, d: number): { starts: Uint32Array; size: number } {
  const starts = new Uint32Array((order + 1) ** (d - 1))
  let size = 0
  const add = (index: number, length: number) => {
    starts[index] = 8 * size
    size += length + 2 + (length % 2)
  }
  if (d === 1) add(0, order + 1)
  for (let a = 0; a <= order && d > 1; a++) {
    if (d === 2) add(a, order - a + 1)
    for (let b = 0; b <= order - a && d > 2; b++) add(a * (order + 1) + b, order - a - b + 1)
  }
  return { starts, size }
}
