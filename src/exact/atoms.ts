import { normalCdf } from './normal.ts'

/**
 * The consistency function of N equal point masses in 1-D: the ⌈N F_t(x)⌉-th order statistic, piecewise constant
 * (docs/mathematics.md §3). Counted from the nearer end, by the survival function above the median.
 */
export function orderStatistic(atoms: Float64Array): (t: number, x: number) => number {
  const sorted = Float64Array.from(atoms).sort()
  const count = sorted.length
  return (t, x) => {
    let below = 0
    let above = 0
    for (const atom of sorted) {
      const z = (x - atom) / t
      below += normalCdf(z)
      above += normalCdf(-z)
    }
    const rank = below <= above ? Math.ceil(below) : count - Math.floor(above)
    return sorted[Math.min(count, Math.max(1, rank)) - 1]
  }
}
