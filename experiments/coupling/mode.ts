import { componentsOf } from '../../solvers/fixed-points/components.ts'
import type { Density } from '../../src/problem/density.ts'

/** The lightest Gaussian of 1-D data, and the places halfway to its neighbours. */
export interface Mode {
  readonly low: number
  readonly high: number
}

/** The minor mode of a 1-D density made of Gaussians. */
export function minorMode(density: Density): Mode {
  const { weights, means } = componentsOf(density)
  const lightest = weights.indexOf(Math.min(...weights))
  const at = means[lightest]
  const others = Array.from(means).filter((_, k) => k !== lightest)
  const below = others.filter((mean) => mean <= at)
  const above = others.filter((mean) => mean > at)
  return {
    low: below.length > 0 ? (Math.max(...below) + at) / 2 : -Infinity,
    high: above.length > 0 ? (Math.min(...above) + at) / 2 : Infinity,
  }
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
