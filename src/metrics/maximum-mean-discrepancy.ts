import { checkInteger, InputError } from '../errors.ts'
import { checkPoints, type PointsLike, toPoints } from '../points/points.ts'
import type { Random } from '../random/random.ts'
import type { LawTest } from './kolmogorov-smirnov.ts'

export interface DiscrepancyOptions {
  readonly random: Random
  /** Default 200. */
  readonly permutations?: number
}

/**
 * The unbiased squared maximum mean discrepancy of two samples, and a p-value by permuting the joined sample (Gretton et al.,
 * A Kernel Two-Sample Test, JMLR 13, 2012, eq. 3 and §8). The kernel is the mean of exp(−|x − y|²/(2 h²)) over three widths h, the
 * median distance, its half and its quarter: the median alone is blind to a difference within the modes of data with several. The
 * quarter is too where modes are some twenty of their deviations apart.
 * Takes (n + m)² memory.
 *
 * @param X shape [n, d]
 * @param Y shape [m, d]
 * @throws InputError for samples of less than two points or of two dimensions
 */
export function maximumMeanDiscrepancy(X: PointsLike, Y: PointsLike, options: DiscrepancyOptions): LawTest {
  const d = toPoints(X, 'X').shape[1]
  const x = checkPoints(X, d, 'X')
  const y = checkPoints(Y, d, 'Y')
  const [n, m] = [x.length / d, y.length / d]
  if (n < 2 || m < 2) throw new InputError('X and Y', [n, m], 'at least two points each')
  const permutations = checkInteger('permutations', options.permutations ?? 200, 1, 100_000)
  const kernel = gramMatrix(joined(x, y), d)
  const rows = rowSums(kernel, n + m)
  const order = Int32Array.from({ length: n + m }, (_, i) => i)
  const statistic = discrepancy(kernel, rows, order, n, m)
  let above = 0
  for (let k = 0; k < permutations; k++) {
    for (let i = order.length - 1; i > 0; i--) {
      const j = options.random.integer(i + 1)
      const other = order[i]
      order[i] = order[j]
      order[j] = other
    }
    if (discrepancy(kernel, rows, order, n, m) >= statistic) above++
  }
  return { statistic, pValue: (above + 1) / (permutations + 1) }
}

function gramMatrix(z: Float64Array, d: number): Float64Array {
  const size = z.length / d
  const squares = new Float64Array(size * size)
  const distances: number[] = []
  for (let i = 0; i < size; i++)
    for (let j = 0; j < i; j++) {
      let sum = 0
      for (let k = 0; k < d; k++) sum += (z[i * d + k] - z[j * d + k]) ** 2
      squares[i * size + j] = sum
      squares[j * size + i] = sum
      if ((i + j) % 7 === 0) distances.push(sum)
    }
  distances.sort((a, b) => a - b)
  const median = distances[distances.length >> 1] || 1
  return squares.map((square) => {
    const wide = Math.exp(-square / (2 * median))
    const half = wide ** 4
    return (wide + half + half ** 4) / 3
  })
}

/** The discrepancy of the first n of `order` from the rest, from the sum over pairs of the first and the sums of rows. */
function discrepancy(
  kernel: Float64Array,
  rows: Float64Array,
  order: Int32Array,
  n: number,
  m: number,
): number {
  const size = n + m
  let [within, touching, total] = [0, 0, 0]
  for (let i = 0; i < size; i++) total += rows[i]
  // in the order of memory
  const chosen = order.slice(0, n).sort()
  for (let i = 0; i < n; i++) {
    const row = chosen[i] * size
    touching += rows[chosen[i]]
    for (let j = 0; j < i; j++) within += kernel[row + chosen[j]]
  }
  const first = 2 * within
  const across = touching - first
  const second = total - first - 2 * across
  return first / (n * (n - 1)) + second / (m * (m - 1)) - (2 * across) / (n * m)
}

/** Sums of the rows without their diagonal. */
function rowSums(kernel: Float64Array, size: number): Float64Array {
  return Float64Array.from({ length: size }, (_, i) => {
    let sum = -1
    for (let j = 0; j < size; j++) sum += kernel[i * size + j]
    return sum
  })
}

function joined(x: Float64Array, y: Float64Array): Float64Array {
  const z = new Float64Array(x.length + y.length)
  z.set(x)
  z.set(y, x.length)
  return z
}
