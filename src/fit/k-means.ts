import type { Random } from '../random/random.ts'

const STARTS = 3
const MOST_ROUNDS = 50

/**
 * The cluster of every row by Lloyd's algorithm from k-means++ starts (Arthur and Vassilvitskii 2007): of three, the one with the least sum of
 * squared distances.
 *
 * @param x [n, d] row-major
 */
export function kMeans(x: Float64Array, d: number, count: number, random: Random): Int32Array {
  let best: { labels: Int32Array; sum: number } | undefined
  for (let start = 0; start < STARTS; start++) {
    const centres = startCentres(x, d, count, random)
    const labels = new Int32Array(x.length / d).fill(-1)
    let sum = 0
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const { changed, total } = assign(x, d, centres, labels)
      sum = total
      if (!changed) break
      moveCentres(x, d, centres, labels)
    }
    if (!best || sum < best.sum) best = { labels, sum }
  }
  return best?.labels ?? new Int32Array(0)
}

/** Rows drawn one after another, each by its squared distance to those drawn before. */
function startCentres(x: Float64Array, d: number, count: number, random: Random): Float64Array {
  const n = x.length / d
  const centres = new Float64Array(count * d)
  const nearest = new Float64Array(n).fill(Infinity)
  let row = random.integer(n)
  for (let k = 0; k < count; k++) {
    centres.set(x.subarray(row * d, (row + 1) * d), k * d)
    let total = 0
    for (let i = 0; i < n; i++) {
      nearest[i] = Math.min(nearest[i], squaredDistance(x, i * d, centres, k * d, d))
      total += nearest[i]
    }
    let rest = random.uniform() * total
    row = 0
    while (row < n - 1 && rest >= nearest[row]) rest -= nearest[row++]
  }
  return centres
}

function assign(x: Float64Array, d: number, centres: Float64Array, labels: Int32Array) {
  let changed = false
  let total = 0
  for (let i = 0; i < labels.length; i++) {
    let [own, least] = [0, Infinity]
    for (let k = 0; k * d < centres.length; k++) {
      const square = squaredDistance(x, i * d, centres, k * d, d)
      if (square < least) [own, least] = [k, square]
    }
    changed ||= labels[i] !== own
    labels[i] = own
    total += least
  }
  return { changed, total }
}

/** To the means of the clusters; the centre of an empty one stays. */
function moveCentres(x: Float64Array, d: number, centres: Float64Array, labels: Int32Array): void {
  const sizes = new Float64Array(centres.length / d)
  for (const label of labels) sizes[label]++
  for (let k = 0; k < sizes.length; k++) if (sizes[k] > 0) centres.fill(0, k * d, (k + 1) * d)
  for (let i = 0; i < labels.length; i++)
    for (let j = 0, to = labels[i] * d; j < d; j++) centres[to + j] += x[i * d + j] / sizes[labels[i]]
}

function squaredDistance(x: Float64Array, at: number, y: Float64Array, from: number, d: number): number {
  let sum = 0
  for (let j = 0; j < d; j++) sum += (x[at + j] - y[from + j]) ** 2
  return sum
}
