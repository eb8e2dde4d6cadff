import { safeguardedNewton } from '../numeric/root.ts'
import type { FormulaDensity } from '../problem/densities/formula/formula.ts'
import { legendreRule, NODES } from '../problem/densities/formula/legendre.ts'
import type { Cell } from '../problem/densities/formula/tree.ts'
import { normalCdf } from './normal.ts'

// A part of a cell counts by its nodes where Φ changes in it as little as exp(±2); beyond 9 t it does not change at all.
const CHANGE = 2
const SATURATED = 9
const DEEPEST = 60
const NEGLIGIBLE = 1e-18

/**
 * The exact consistency function of a density on the line given by a formula, f(t, x) = F₀⁻¹(F_t(x))
 * (docs/mathematics.md §3): F_t = ∫ q(y) Φ((x − y)/t) dy over the cells of the density, F₀ by integrals of its polynomials,
 * from below up to the median and from above beyond it. The density ends with its box, and so do the values: tails below
 * about 1e-18 end there.
 */
export function formulaMap({ leaves }: FormulaDensity): (t: number, x: Float64Array) => Float64Array {
  const quantile = quantileFunction(leaves)
  return (t, x) =>
    x.map((value) => {
      if (t === 0) return value
      const lower = tail(leaves, value, t, 1)
      return lower <= 0.5 ? quantile(lower, 0) : quantile(tail(leaves, value, t, -1), 1)
    })
}

/** ∫ q(y) Φ(sign (x − y)/t) dy, from the side where Φ is 1: what comes late is then often negligible. */
function tail(leaves: readonly Cell[], x: number, t: number, sign: 1 | -1): number {
  const { halves, nodes, weights } = legendreRule()
  let sum = 0
  for (let k = 0; k < leaves.length; k++) {
    const { values, middle, half, mass } = leaves[sign > 0 ? k : leaves.length - 1 - k]
    if (values) add(values, middle[0], half[0], mass, 0)
  }
  return sum

  function add(values: Float64Array, middle: number, half: number, mass: number, depth: number): void {
    // from the point of the cell where Φ is largest, and to that where it is smallest, positive in the tail
    const best = (sign * (middle - x) - half) / t
    const worst = (sign * (middle - x) + half) / t
    if (worst < -SATURATED) {
      sum += mass
      return
    }
    if (mass * normalCdf(-best) <= NEGLIGIBLE * sum) return
    const reach = Math.max(Math.abs(worst), Math.min(Math.abs(best), SATURATED))
    if ((half / t) * reach <= CHANGE || depth === DEEPEST) {
      let total = 0
      for (let i = 0; i < NODES; i++)
        total += weights[i] * values[i] * normalCdf((sign * (x - middle - half * nodes[i])) / t)
      sum += total * half
      return
    }
    for (const side of sign > 0 ? [0, 1] : [1, 0]) {
      const own = new Float64Array(NODES)
      let ownMass = 0
      for (let i = 0; i < NODES; i++) {
        const row = halves[side][i]
        let value = 0
        for (let p = 0; p < NODES; p++) value += row[p] * values[p]
        own[i] = value
        ownMass += (value * weights[i] * half) / 2
      }
      add(own, middle + ((side === 0 ? -1 : 1) * half) / 2, half / 2, ownMass, depth + 1)
    }
  }
}

/** The point with this probability below it (side 0) or above it (side 1). */
function quantileFunction(leaves: readonly Cell[]) {
  const count = leaves.length
  const below = new Float64Array(count + 1)
  const above = new Float64Array(count + 1)
  for (let k = 0; k < count; k++) below[k + 1] = below[k] + leaves[k].mass
  for (let k = count - 1; k >= 0; k--) above[k] = above[k + 1] + leaves[k].mass
  const series = leaves.map(({ values }) =>
    legendreRule().coefficients.map((row) =>
      row.reduce((sum, weight, p) => sum + weight * (values?.[p] ?? 0), 0),
    ),
  )

  return (probability: number, side: 0 | 1): number => {
    let [low, high] = [0, count - 1]
    while (low < high) {
      const half = (low + high) >> 1
      if (side === 0 ? below[half + 1] >= probability : above[half + 1] <= probability) high = half
      else low = half + 1
    }
    const { middle, half } = leaves[low]
    const rest = (probability - (side === 0 ? below[low] : above[low + 1])) / half[0]
    return middle[0] + half[0] * solveIn(series[low], Math.max(0, rest), side)
  }
}

/** ξ with ∫ Σ c_k P_k from −1 to ξ (side 0), or from ξ to 1, equal to `wanted`: Newton inside a shrinking bracket. */
function solveIn(c: readonly number[], wanted: number, side: 0 | 1): number {
  let rate = 0
  return safeguardedNewton(
    (x) => {
      const [value, integral] = evaluateSeries(c, x)
      rate = value
      const found = side === 0 ? integral : 2 * c[0] - integral
      return side === 0 ? found - wanted : wanted - found
    },
    (x, error) => x - error / rate,
    [-1, 1],
    0,
    (_, step, low, high) => Math.min(step, high - low) < 1e-16,
  )
}

/** Σ c_k P_k(x) and its integral from −1, by ∫ P_k = (P_{k+1} − P_{k−1})/(2k + 1) (DLMF 18.9.7). */
function evaluateSeries(c: readonly number[], x: number): [number, number] {
  let [previous, value] = [0, 1]
  let [sum, integral] = [0, 0]
  for (let k = 0; k < NODES; k++) {
    const next = ((2 * k + 1) * x * value - k * previous) / (k + 1)
    sum += c[k] * value
    integral += k === 0 ? c[0] * (x + 1) : (c[k] * (next - previous)) / (2 * k + 1)
    previous = value
    value = next
  }
  return [sum, integral]
}
