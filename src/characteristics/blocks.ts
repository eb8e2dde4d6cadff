import type { VeAttempt } from '../attempt.ts'
import type { Moments } from '../numeric/moments.ts'
import type { Density } from '../problem/density.ts'
import { type Failure, type Failures, rowReport } from './adaptive-steps.ts'

/** Rows that are integrated together. */
interface Block {
  readonly rows: Int32Array
  /** Their values, to be changed in place; until the next block is asked for. */
  readonly values: Float64Array
}

// Small blocks need fewer steps, since the worst row decides, and large ones spread the cost of a call over more rows.
// Measured at a largest error of 1e-8: 256 rows need 10 to 30 % more evaluations than 32 in one to three dimensions.
const VALUES = 512
const FEWEST = 16
const MOST = 32
// where a step's own cost is large beside that of a row: 20 % less time in one dimension, 3 % in two
const FUSED_VALUES = 128
// bits of a Morton code; with the row number they fit the 53 bits of a double
const CODE_BITS = 30
const NUMBER_BITS = 52

interface BlockOptions {
  /** One step size for each block, or for each trajectory: every row is then a block. Default block. */
  readonly stepSize?: 'block' | 'trajectory'
  /** Larger blocks, for `FusedIntegrator`. */
  readonly fused?: boolean
}

/**
 * Rows in blocks of similar trajectories: sorted by value in one dimension, along a Morton curve of
 * the two leading principal coordinates otherwise. The result depends on the rows alone.
 */
export function* similarBlocks(
  y: Float64Array,
  dimension: number,
  moments: Moments,
  { stepSize = 'block', fused = false }: BlockOptions = {},
): Generator<Block, void> {
  const n = y.length / dimension
  const most = fused ? Math.round(FUSED_VALUES / dimension) : Math.min(MOST, Math.round(VALUES / dimension))
  const count = stepSize === 'trajectory' ? n : Math.max(1, Math.ceil(n / Math.max(FEWEST, most)))
  const sorted = stepSize === 'block' && count > 1
  const order = sorted ? mortonOrder(y, dimension, moments) : Int32Array.from({ length: n }, (_, i) => i)
  let values = new Float64Array(0)
  for (let k = 0; k < count; k++) {
    const rows = order.subarray(Math.round((k * n) / count), Math.round(((k + 1) * n) / count))
    if (values.length !== rows.length * dimension) values = new Float64Array(rows.length * dimension)
    for (let i = 0, at = 0; i < rows.length; i++)
      for (let j = 0; j < dimension; j++, at++) values[at] = y[rows[i] * dimension + j]
    yield { rows, values }
  }
}

function mortonOrder(y: Float64Array, dimension: number, moments: Moments): Int32Array {
  const n = y.length / dimension
  const axes = Math.min(dimension, 2)
  const numberBits = Math.ceil(Math.log2(n))
  const bits = Math.floor(Math.min(CODE_BITS, NUMBER_BITS - numberBits) / axes)
  const codes = new Float64Array(n)
  const values = new Float64Array(n)
  for (let axis = 0; axis < axes; axis++) {
    project(y, dimension, moments.eigenvectors, dimension - 1 - axis, values)
    let low = Infinity
    let high = -Infinity
    for (let row = 0; row < n; row++) {
      if (values[row] < low) low = values[row]
      if (values[row] > high) high = values[row]
    }
    const cells = high > low ? (2 ** bits - 1) / (high - low) : 0
    for (let row = 0; row < n; row++) codes[row] += spread((values[row] - low) * cells, axes) * 2 ** axis
  }
  const size = 2 ** numberBits
  for (let row = 0; row < n; row++) codes[row] = codes[row] * size + row
  codes.sort()
  return Int32Array.from(codes, (code) => code % size)
}

function project(y: Float64Array, d: number, vectors: Float64Array, column: number, out: Float64Array): void {
  for (let row = 0; row < out.length; row++) {
    let sum = 0
    for (let i = 0; i < d; i++) sum += y[row * d + i] * vectors[i * d + column]
    out[row] = sum
  }
}

/** The bits of a whole number with axes − 1 zeros between them. */
function spread(value: number, axes: number): number {
  let rest = Math.floor(value)
  if (axes === 1) return rest
  let sum = 0
  for (let place = 1; rest > 0; place *= 2 ** axes) {
    sum += (rest & 1) * place
    rest >>= 1
  }
  return sum
}

/** The values of a block back into its rows of `all`. */
export function scatter(values: Float64Array, rows: Int32Array, d: number, all: Float64Array): void {
  for (let k = 0, at = 0; k < rows.length; k++)
    for (let i = 0; i < d; i++, at++) all[rows[k] * d + i] = values[at]
}

/**
 * Moves every row of x by blocks of similar rows.
 *
 * @param move changes the values of a block in place and says which of its rows did not arrive: they become NaN
 */
export function moveBlocks(
  x: Float64Array,
  { dimension: d, moments }: Density,
  options: BlockOptions,
  move: (values: Float64Array, rows: Int32Array) => Failures,
): VeAttempt {
  const moved = x.slice()
  const failures = new Map<number, Failure>()
  for (const { rows, values } of similarBlocks(x, d, moments, options)) {
    for (const [i, failure] of move(values, rows)) {
      failures.set(rows[i], failure)
      values.fill(Number.NaN, i * d, (i + 1) * d)
    }
    scatter(values, rows, d, moved)
  }
  return { values: moved, ...rowReport(x.length / d, failures) }
}
