import type { CarriedSample } from '../metrics/carried-sample.ts'
import type { Density } from '../problem/density.ts'
import { type AlongTrajectories, angleRate } from './certificate.ts'

/** Nodes of the two formulas that are compared. */
const NODES = 7
const FEWER = 5

/**
 * The residual of a map from its values on the trajectories alone: r = d/dt f̂(t, x(t)) (docs/mathematics.md §5), by differences of
 * order 6 in θ. How far those of order 4 are from them is the estimate of their error.
 *
 * @param values f̂ at each time of the sample from `first` on, n·d values each
 */
export function alongValues(
  { moments: { scale } }: Density,
  { times }: CarriedSample,
  first: number,
  values: readonly Float64Array[],
): AlongTrajectories {
  const step = Math.atan2(times[times.length - 1], scale) / (times.length - 1)
  return {
    first,
    values: values[0],
    residual(k) {
      const speed = angleRate(scale, times[k])
      const tangent = slope(values, k - first, NODES, speed / step)
      const other = slope(values, k - first, FEWER, speed / step)
      return { tangent, error: other.map((value, i) => Math.abs(value - tangent[i])) }
    },
  }
}

/** `unit` times the derivative by the index at index k, of the polynomial through the nearest nodes. */
function slope(values: readonly Float64Array[], k: number, nodes: number, unit: number): Float64Array {
  const count = Math.min(nodes, values.length)
  const low = Math.min(Math.max(0, k - Math.floor(count / 2)), values.length - count)
  const weights = slopeWeights(count, k - low)
  const out = new Float64Array(values[0].length)
  weights.forEach((weight, j) => {
    const from = values[low + j]
    for (let i = 0; i < out.length; i++) out[i] += unit * weight * from[i]
  })
  return out
}

/** The derivatives at node `at` of the Lagrange polynomials of the nodes 0 … count − 1. */
function slopeWeights(count: number, at: number): number[] {
  const product = (j: number, left: number) =>
    Array.from({ length: count }, (_, m) => (m === j || m === left ? 1 : at - m)).reduce((a, b) => a * b, 1)
  return Array.from({ length: count }, (_, j) => {
    const norm = Array.from({ length: count }, (_, m) => (m === j ? 1 : j - m)).reduce((a, b) => a * b, 1)
    let sum = 0
    for (let m = 0; m < count; m++) if (m !== j) sum += product(j, m)
    return sum / norm
  })
}
