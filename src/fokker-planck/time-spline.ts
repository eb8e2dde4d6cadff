/**
 * Second derivatives, by time, of the cubic splines through vectors at growing times, with not-a-knot ends
 * (de Boor, A Practical Guide to Splines, ch. IV). At least 4 times.
 */
function secondDerivatives(times: readonly number[], values: readonly Float64Array[]): Float64Array[] {
  const n = times.length
  const width = values[0].length
  const h = Array.from({ length: n - 1 }, (_, k) => times[k + 1] - times[k])
  const m = values.map(() => new Float64Array(width))
  // conditions at the inner times, with m_0 and m_{n−1} put in from the not-a-knot conditions
  const diagonal = new Float64Array(n)
  const above = new Float64Array(n)
  const below = new Float64Array(n)
  for (let k = 1; k < n - 1; k++) {
    below[k] = h[k - 1]
    diagonal[k] = 2 * (h[k - 1] + h[k])
    above[k] = h[k]
  }
  const first = h[0] / h[1]
  diagonal[1] += h[0] * (1 + first)
  above[1] -= h[0] * first
  const last = h[n - 2] / h[n - 3]
  diagonal[n - 2] += h[n - 2] * (1 + last)
  below[n - 2] -= h[n - 2] * last
  for (let k = 1; k < n - 1; k++) {
    const [lower, middle, upper] = [values[k - 1], values[k], values[k + 1]]
    const right = m[k]
    for (let i = 0; i < width; i++)
      right[i] = 6 * ((upper[i] - middle[i]) / h[k] - (middle[i] - lower[i]) / h[k - 1])
    if (k === 1) continue
    const factor = below[k] / diagonal[k - 1]
    diagonal[k] -= factor * above[k - 1]
    const before = m[k - 1]
    for (let i = 0; i < width; i++) right[i] -= factor * before[i]
  }
  for (let k = n - 2; k > 0; k--) {
    const own = m[k]
    const next = m[k + 1]
    const [off, scale] = [k < n - 2 ? above[k] : 0, 1 / diagonal[k]]
    for (let i = 0; i < width; i++) own[i] = (own[i] - off * next[i]) * scale
  }
  for (let i = 0; i < width; i++) {
    m[0][i] = (1 + first) * m[1][i] - first * m[2][i]
    m[n - 1][i] = (1 + last) * m[n - 2][i] - last * m[n - 3][i]
  }
  return m
}

/** A sum of vectors. */
interface Terms {
  readonly weights: readonly number[]
  readonly vectors: readonly Float64Array[]
}

interface Segment {
  readonly times: readonly number[]
  readonly values: readonly Float64Array[]
  readonly second: readonly Float64Array[]
}

/** Cubic splines in time through vectors, one a component: twice differentiable but at `breaks`, where they are continuous. */
export class TimeSpline {
  readonly times: readonly number[]
  readonly #segments: readonly Segment[]
  readonly #sum: Float64Array
  #summed = Number.NaN

  /**
   * @param times growing, at least 4 from one break to the next, ends included
   * @param breaks some of the times, growing
   */
  constructor(times: readonly number[], values: readonly Float64Array[], breaks: readonly number[] = []) {
    this.times = times
    const cuts = [0, ...breaks.map((time) => times.indexOf(time)), times.length - 1]
    this.#segments = cuts.slice(1).map((last, k) => {
      const [own, vectors] = [times.slice(cuts[k], last + 1), values.slice(cuts[k], last + 1)]
      return { times: own, values: vectors, second: secondDerivatives(own, vectors) }
    })
    this.#sum = new Float64Array(values[0].length)
  }

  /** The vector at t as a sum of four: cheaper than the sum itself where few of its components are needed. */
  terms(t: number): Terms {
    const segment = this.#segments.findLast(({ times }) => times[0] <= t) ?? this.#segments[0]
    const { times, values, second } = segment
    let [low, high] = [0, times.length - 1]
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if (times[middle] <= t) low = middle
      else high = middle
    }
    const h = times[high] - times[low]
    const b = (t - times[low]) / h
    const a = 1 - b
    return {
      weights: [a, b, ((a * a * a - a) * h * h) / 6, ((b * b * b - b) * h * h) / 6],
      vectors: [values[low], values[high], second[low], second[high]],
    }
  }

  /** The vector at t; valid until the next call. */
  at(t: number): Float64Array {
    if (t === this.#summed) return this.#sum
    const { weights, vectors } = this.terms(t)
    const [a, b, c, d] = weights
    const [p, q, r, s] = vectors
    for (let i = 0; i < this.#sum.length; i++) this.#sum[i] = a * p[i] + b * q[i] + (c * r[i] + d * s[i])
    this.#summed = t
    return this.#sum
  }
}
