import { gaussLegendre } from '../numeric/gauss-quadrature.ts'
import { type SphereMean, sphereMean } from '../problem/densities/bessel.ts'

// A panel is at most one standard deviation wide and the integrand changes by about e^8 over it at most: 20 nodes
// give every digit.
const COUNT = 20
const GROWTH = 8
// panels are kept as far as the density is e^-800 of its largest value, summed on to e^-45 of the sum beyond that
const KEPT = 800
const NEGLIGIBLE = 45

/** The law of the radius |X| of one sphere of radius R with Gaussian thickness √v in ℝᵈ. */
export interface Shell {
  /** log of the density of the radius, at r > 0 */
  logDensity(r: number): number
  /** [log P(|X| ≤ r), log P(|X| > r)], both to relative accuracy however small */
  logTails(r: number): readonly [number, number]
}

/** Panels from the middle outwards: knots, and log of the integral from each knot to the end. */
interface Panels {
  readonly knots: readonly number[]
  readonly logs: readonly number[]
}

/**
 * The noncentral chi law of the radius (docs/mathematics.md §3, radial), by Gauss–Legendre panels from the mode
 * outwards. Each tail is summed from its far end, so that it keeps its relative accuracy; the larger one is the
 * complement of the smaller.
 */
export function shell(dimension: number, radius: number, v: number): Shell {
  const { nodes, weights } = gaussLegendre(COUNT)
  const evaluate = sphereMean(dimension)
  const mean: SphereMean = { logScaled: 0, ratio: 0 }
  const deviation = Math.sqrt(v)
  let slope = 0
  let middle = 1
  let logAtMiddle = 0
  let logTotal = 0

  /** log of the density at r relative to `middle`, and its derivative into `slope`. */
  function relative(r: number): number {
    evaluate((r / v) * radius, mean)
    slope = (dimension - 1) / r + r * (((radius / v) * radius * mean.ratio - 1) / v)
    const power = dimension === 1 ? 0 : (dimension - 1) * Math.log(r / middle)
    return power - ((r - middle) * (r + middle - 2 * radius)) / (2 * v) + mean.logScaled - logAtMiddle
  }

  /** How wide a panel from r may be; `slope` is that at r. */
  function panelWidth(r: number, sign: number): number {
    const fall = -sign * slope
    const width = fall > 0 ? Math.min(deviation, GROWTH / fall) : deviation
    return sign < 0 ? Math.min(width, r) : width
  }

  /** log of the integral over [low, high], scaled by the density at `from`, one of them. */
  function integrate(low: number, high: number, from: number): number {
    if (!(high > low)) return -Infinity
    const reference = relative(from)
    let sum = 0
    for (let i = 0; i < nodes.length; i++)
      sum += weights[i] * Math.exp(relative((low + high) / 2 + ((high - low) / 2) * nodes[i]) - reference)
    return reference + Math.log((sum * (high - low)) / 2)
  }

  /** Panels from `start` outwards until what is left is beyond the last digit of the integral and below e^floor. */
  function outwards(start: number, sign: -1 | 1, floor: number): Panels {
    const knots = [start]
    const parts: number[] = []
    let largest = -Infinity
    for (let r = start; r > 0; ) {
      const log = relative(r)
      if (log < floor && log < largest - NEGLIGIBLE && sign * slope < 0) break
      const next = r + sign * panelWidth(r, sign)
      if (next === r) break
      const part = sign < 0 ? integrate(next, r, r) : integrate(r, next, r)
      largest = Math.max(largest, part - Math.log(deviation))
      parts.push(part)
      knots.push(next)
      r = next
    }
    const logs = new Array<number>(knots.length).fill(-Infinity)
    for (let i = parts.length - 1; i >= 0; i--) logs[i] = addLogs(parts[i], logs[i + 1])
    return { knots, logs }
  }

  // The mode is the zero of the slope; in one dimension it can be at 0, where either tail serves.
  let low = 0
  let high = Math.sqrt(radius * radius + dimension * v) + 2 * deviation
  for (let i = 0; i < 60; i++) {
    const centre = (low + high) / 2
    relative(centre)
    if (slope > 0) low = centre
    else high = centre
  }
  middle = Math.max(high, deviation / 4)
  evaluate((middle / v) * radius, mean)
  logAtMiddle = mean.logScaled
  const below = outwards(middle, -1, -KEPT)
  const above = outwards(middle, 1, -KEPT)
  logTotal = addLogs(below.logs[0], above.logs[0])

  function tail(r: number, { knots, logs }: Panels, sign: -1 | 1): number {
    // the last knot that is nearer to the middle than r
    let [near, far] = [0, knots.length]
    while (far - near > 1) {
      const half = (near + far) >> 1
      if (sign * (knots[half] - r) <= 0) near = half
      else far = half
    }
    if (far === knots.length) return outwards(r, sign, Infinity).logs[0] - logTotal
    const part = sign < 0 ? integrate(knots[far], r, r) : integrate(r, knots[far], r)
    return addLogs(part, logs[far]) - logTotal
  }

  return {
    logDensity: (r) => relative(r) - logTotal,
    logTails(r) {
      if (r <= 0) return [-Infinity, 0]
      const lower = r <= middle
      const log = lower ? tail(r, below, -1) : tail(r, above, 1)
      const complement = Math.log1p(-Math.exp(Math.min(0, log)))
      return lower ? [log, complement] : [complement, log]
    },
  }
}

/** log(e^a + e^b). */
function addLogs(a: number, b: number): number {
  const largest = Math.max(a, b)
  return largest === -Infinity ? largest : largest + Math.log1p(Math.exp(Math.min(a, b) - largest))
}
