import { formatNumber, formatPercent } from '../../src/report/format.ts'
import type { ReportSection } from '../../src/report/index.ts'

/** The rows with the largest weighted squared errors, the worst first. */
interface WorstRows {
  /** [m] */
  readonly rows: readonly number[]
  /** [m] The weight of each among all, so that their sum is their probability. */
  readonly weights: Float64Array
  /** [m] |f̂ − f|, relative. */
  readonly errors: Float64Array
  /** What they hold of the squared error. */
  readonly share: number
}

const MOST = 1000
// of the squared error: what is left is everywhere
const ENOUGH = 0.95

/**
 * The fewest rows that hold 95 % of the weighted squared error, at most 1000.
 *
 * @param squares n values |f̂ − f|², relative
 */
export function worstOf(squares: Float64Array, weights: Float64Array): WorstRows {
  const parts = squares.map((square, row) => square * weights[row])
  const all = parts.reduce((sum, part) => sum + part, 0)
  const mass = weights.reduce((sum, weight) => sum + weight, 0)
  const order = Array.from(parts.keys()).sort((a, b) => parts[b] - parts[a] || a - b)
  let held = 0
  const rows: number[] = []
  for (const row of order) {
    if (rows.length === MOST || held >= ENOUGH * all) break
    held += parts[row]
    rows.push(row)
  }
  if (rows.length === 0) rows.push(order[0])
  return {
    rows,
    weights: Float64Array.from(rows, (row) => weights[row] / mass),
    errors: Float64Array.from(rows, (row) => Math.sqrt(squares[row])),
    share: all > 0 ? held / all : 0,
  }
}

/** The rows of a row-major array. */
export function rowsOf(values: ArrayLike<number>, d: number, rows: readonly number[]): Float64Array {
  return Float64Array.from(
    { length: rows.length * d },
    (_, i) => values[rows[Math.floor(i / d)] * d + (i % d)],
  )
}

/** Rows of the table. */
const SHOWN = 8
/** Coordinates of a point in it. */
const COORDINATES = 4

/**
 * @param x [m, d] where they are at T
 * @param what in words, such as "trajectories"
 */
export function worstSection({ rows, weights, errors, share }: WorstRows, x: Float64Array): ReportSection {
  const d = x.length / rows.length
  const probability = weights.reduce((sum, weight) => sum + weight, 0)
  return {
    heading: 'The worst starting noises',
    paragraphs: [
      `${rows.length} points of noise, ${formatPercent(probability)} of the probability, hold ${formatPercent(share)} of the squared error. They are in worst.npy, a row each, the worst first, and their probabilities in worst-weights.npy: start from them to see what the network makes of them, or to train on them.`,
    ],
    table: {
      caption: 'The worst of them',
      head: [
        'row of the sample',
        'relative error',
        'probability',
        `x at T${d > COORDINATES ? ` (${COORDINATES} of ${d} coordinates)` : ''}`,
      ],
      rows: rows
        .slice(0, SHOWN)
        .map((row, i) => [
          String(row),
          formatNumber(errors[i]),
          formatPercent(weights[i]),
          `(${Array.from(x.subarray(i * d, i * d + Math.min(d, COORDINATES)), (value) => formatNumber(value)).join(', ')}${d > COORDINATES ? ', …' : ''})`,
        ]),
    },
  }
}
