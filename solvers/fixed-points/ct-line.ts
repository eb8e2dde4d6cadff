import { normalCdf } from '../../src/exact/normal.ts'
import { gaussLegendre } from '../../src/numeric/gauss-quadrature.ts'
import { increasingRoot } from '../../src/numeric/root.ts'
import type { Components } from './gaussian-components.ts'
import { type LineSpline, lineSpline } from './line-spline.ts'
import { type Posterior, posterior } from './posterior.ts'
import type { Times } from './times.ts'

const FAR = 8.5

type LineMap = (t: number, x: Float64Array) => Float64Array

/** F(z) = P(X_s ≤ z | X_t = x), s = share·t, for the x that the posterior was last asked for. */
function conditionalCdf(law: Posterior, share: number, x: number, z: number): number {
  const { count, responsibilities, means, roots } = law
  let sum = 0
  for (let k = 0; k < count; k++) {
    const r = responsibilities[k]
    if (r < 1e-15) continue
    const distance = z - share * x - (1 - share) * means[k]
    const deviation = (1 - share) * roots[k]
    // most are far out, where Φ is 0 or 1 to rounding
    if (distance >= FAR * deviation) sum += r
    else if (distance > -FAR * deviation) sum += r * normalCdf(distance / deviation)
  }
  return sum
}

/**
 * The fixed point of consistency training with the norm in place of its square, in 1-D: f_n is increasing, so that the median
 * passes through it, f_{n+1}(x) = f_n(median[X_{t_n} | X_{t_{n+1}} = x]): steps composed, no grid (docs/mathematics.md §4.3).
 */
export function medianMap(components: Components, { times, before }: Times): LineMap {
  const point = new Float64Array(1)

  function step(t: number, earlier: number, x: Float64Array): void {
    const law = posterior(components, t)
    const share = earlier / t
    for (let i = 0; i < x.length; i++) {
      point[0] = x[i]
      law.at(point, 0)
      let mean = 0
      for (let k = 0; k < law.count; k++) mean += law.responsibilities[k] * law.means[k]
      const width = Math.max(law.spread, 1e-12 * Math.abs(x[i]))
      // of X₀; that of X_s is an affine image of it
      const median = increasingRoot(
        (z) => conditionalCdf(law, 0, 0, z) - 0.5,
        mean,
        width,
        1e-13 * (width + Math.abs(mean)),
      )
      x[i] = share * x[i] + (1 - share) * median
    }
  }

  return (t, x) => {
    const z = x.slice()
    let now = t
    for (let n = before(t); n >= 0; n--) {
      step(now, times[n], z)
      now = times[n]
    }
    return z
  }
}

const POINTS = 401
const ORDER = 32

/**
 * The fixed point of consistency training with √(s² + c²), c ≥ 0, in 1-D. f_n has layers but its inverse g_n has none: g_{n+1}(v) is
 * the x for which v is best, E ψ(f_n(X_{t_n}) − v | x) = 0 with ψ(s) = s/√(s² + c²). Integrated by parts in p = ψ(s) that is
 * ∫ F(g_n(v + cp/√(1 − p²)) | x) dp = 1 over (−1, 1), F the conditional distribution function: a Gauss–Legendre rule in p, splines in v.
 *
 * @param range of v: beyond it g goes on as a line
 * @param points of the splines
 */
export function huberMap(
  components: Components,
  { times, before }: Times,
  c: number,
  range: readonly [number, number],
  points = POINTS,
): LineMap {
  // with c = 0 the integrand is constant, and 2 F(g_n(v) | x) = 1 is the median
  const order = c === 0 ? 1 : ORDER
  const { nodes, weights } = gaussLegendre(order)
  const offsets = nodes.map((p) => (c * p) / Math.sqrt(1 - p * p))
  const v = Float64Array.from(
    { length: points },
    (_, j) => range[0] + ((range[1] - range[0]) * j) / (points - 1),
  )
  const point = new Float64Array(1)
  const images = new Float64Array(order)

  /** g at time t from that at an earlier time. */
  function step(g: LineSpline, earlier: number, t: number): Float64Array {
    const law = posterior(components, t)
    const share = earlier / t
    return v.map((value) => {
      for (let i = 0; i < order; i++) images[i] = g.at(value + offsets[i])
      const excess = (x: number) => {
        point[0] = x
        law.at(point, 0)
        let sum = 0
        for (let i = 0; i < order; i++) sum += weights[i] * conditionalCdf(law, share, x, images[i])
        return 1 - sum
      }
      const guess = g.at(value)
      const width = Math.max((1 - share) * (t + Math.abs(guess)), 1e-9)
      return increasingRoot(excess, guess, width, 1e-11 * (t + Math.abs(guess)))
    })
  }

  const levels: LineSpline[] = [{ at: (y) => y, evaluate: () => {} }]
  for (let n = 0; n + 1 < times.length; n++)
    levels.push(lineSpline(range[0], range[1], step(levels[n], times[n], times[n + 1])))

  return (t, x) => {
    const n = before(t)
    const g =
      t === times[n + 1] ? levels[n + 1] : lineSpline(range[0], range[1], step(levels[n], times[n], t))
    const width = (range[1] - range[0]) / points
    return x.map((value) => increasingRoot((w) => g.at(w) - value, inverseGuess(g, value), width, 1e-12))
  }

  function inverseGuess(g: LineSpline, value: number): number {
    let [low, high] = [0, points - 1]
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if (g.at(v[middle]) < value) low = middle
      else high = middle
    }
    return v[low]
  }
}
