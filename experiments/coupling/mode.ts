import { componentsOf } from '../../solvers/fixed-points/gaussian-components.ts'
import type { Density } from '../../src/problem/density.ts'

/** A mode of 1-D data: what lies between the places halfway to its neighbours. */
export interface Mode {
  readonly low: number
  readonly high: number
}

/**
 * The minor mode of a 1-D density made of Gaussians: the lightest one, where neighbours that are no further apart than
 * their deviations together make one mode.
 */
export function minorMode(density: Density): Mode {
  const { weights, means, covariances } = componentsOf(density)
  const sorted = Array.from(means, (mean, k) => {
    return { mean, weight: weights[k], deviation: Math.sqrt(covariances[k].values[0]) }
  }).sort((a, b) => a.mean - b.mean)
  const groups: (typeof sorted)[] = []
  for (const [k, one] of sorted.entries()) {
    const before = sorted[k - 1]
    if (before && one.mean - before.mean <= one.deviation + before.deviation) groups.at(-1)?.push(one)
    else groups.push([one])
  }
  const masses = groups.map((group) => group.reduce((sum, { weight }) => sum + weight, 0))
  const at = masses.indexOf(Math.min(...masses))
  const between = (left: number) => {
    const [a, b] = [groups[left]?.at(-1), groups[left + 1]?.[0]]
    return a && b ? (a.mean + b.mean) / 2 : null
  }
  return { low: between(at - 1) ?? -Infinity, high: between(at) ?? Infinity }
}

/** The share of the weight of values that lie in the mode. */
export function massOf({ low, high }: Mode, values: Float64Array, weights: Float64Array): number {
  let [mass, total] = [0, 0]
  weights.forEach((weight, i) => {
    total += weight
    if (values[i] > low && values[i] <= high) mass += weight
  })
  return mass / total
}
