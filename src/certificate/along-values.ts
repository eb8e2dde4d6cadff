import type { VeMap } from '../consistency-function.ts'
import { BadInput } from '../io/bad-input.ts'
import type { CarriedSample } from '../metrics/carried-sample.ts'
import { weightedNorm } from '../metrics/increments.ts'
import type { Density } from '../problem/density.ts'
import { someRows } from './check-tangents.ts'
import { contradictions } from './contradiction.ts'
import type { AlongTrajectories } from './panel.ts'
import { alongFlow, angleRate } from './velocity.ts'

/** Nodes of the two formulas that are compared. */
const NODES = 7
const FEWER = 5

/** Derivatives along trajectories at one time, n·d values each. */
interface Slopes {
  readonly tangent: Float64Array
  readonly error: Float64Array
}

/**
 * The residual of a map from its values on the trajectories alone: r = d/dt f̂(t, x(t)) (docs/mathematics.md §5), by differences of
 * order 6 in θ. Their error is how far those of order 4 are from them, or those of order 6 over every second time, whichever is more. Where
 * the latter are smaller throughout, the derivative may go on growing with finer times: the error is taken that many times larger.
 *
 * @param values f̂ at each time of the sample from `first` on, n·d values each
 */
export function alongValues(
  density: Density,
  sample: CarriedSample,
  first: number,
  values: readonly Float64Array[],
): AlongTrajectories {
  const slopesAt = slopesOf(density, sample, first, (k) => values[k])
  return {
    first,
    at(k) {
      const { tangent, error } = slopesAt(k)
      return { value: values[k - first], tangent, error }
    },
  }
}

/** Differences along the trajectories do where they are known to this share of themselves, and to single precision. */
const SETTLED = 0.01

/**
 * The residual of a map whose derivatives are differences of its values, several for each: differences of the values that the trajectories
 * have anyway take their place where they have settled, and agree with those of the map on some rows.
 */
export function alongMap(
  map: VeMap,
  density: Density,
  sample: CarriedSample,
  first: number,
): AlongTrajectories {
  const { times, positions, weights } = sample
  const { dimension: d, moments } = density
  const values: Float64Array[] = []
  const valueAt = (k: number) => {
    values[k] ??= map.evaluate(times[first + k], positions[first + k])
    return values[k]
  }
  const slopesAt = slopesOf(density, sample, first, valueAt)
  const norm = weightedNorm(weights, moments.trace)
  const anywhere = (time: number, x: Float64Array) => alongFlow(map, density, time, x)

  function settled({ tangent, error }: Slopes, k: number): boolean {
    const speed = angleRate(moments.scale, times[k])
    const rounding = ROUNDING * norm(valueAt(k - first)).norm * speed
    if (norm(error).norm > SETTLED * norm(tangent).norm + rounding) return false
    const near = anywhere(times[k], someRows(positions[k], d))
    const off = someRows(tangent, d).map((value, i) => value - near.tangent[i])
    const [apart, size, known, own] = norms(
      ...[off, near.tangent, someRows(error, d), near.error ?? new Float64Array(1)],
    )
    return apart <= known + own + SETTLED * size + rounding * Math.sqrt(moments.trace)
  }

  return {
    first,
    at(k) {
      const slopes = slopesAt(k)
      return settled(slopes, k) ? { value: valueAt(k - first), ...slopes } : anywhere(times[k], positions[k])
    },
    anywhere,
  }
}

/**
 * The residual of a map from values and tangents at the trajectories.
 *
 * @param name what to call the tangents in an error
 * @throws InputError where they contradict the differences of the values
 */
export function alongTangents(
  name: string,
  density: Density,
  sample: CarriedSample,
  first: number,
  values: readonly Float64Array[],
  tangents: readonly Float64Array[],
): AlongTrajectories {
  const slopesAt = slopesOf(density, sample, first, (k) => values[k])
  const { dimension, moments } = density
  const what = contradictions(
    tangents.map((given, k) => {
      const time = sample.times[first + k]
      const { tangent: found, error } = slopesAt(first + k)
      // single precision of values, at the rate by which θ changes
      const rate = angleRate(moments.scale, time)
      const rounded = error.map((off, i) => off + VALUES * rate * (Math.abs(values[k][i]) + moments.scale))
      return { time, dimension, pairs: [{ given, found, error: rounded }] }
    }),
  )
  if (what)
    throw new BadInput(
      name,
      `contradicts the values along the trajectories: ${what}`,
      'the derivatives of f along the directions of `points`',
    )
  return { first, at: (k) => ({ value: values[k - first], tangent: tangents[k - first] }) }
}

const ROUNDING = 3e-5
/** What single precision leaves of a value in a difference over one of some hundred intervals. */
const VALUES = 1e-4

function norms(...all: Float64Array[]): number[] {
  return all.map((values) => Math.sqrt(values.reduce((sum, v) => sum + v * v, 0) / values.length))
}

function slopesOf(
  { moments: { scale, trace } }: Density,
  { times, weights }: CarriedSample,
  first: number,
  valueAt: (k: number) => Float64Array,
): (k: number) => Slopes {
  const thetas = Array.from(times.subarray(first), (time) => Math.atan2(time, scale))
  const norm = weightedNorm(weights, trace)
  return (k) => {
    const speed = angleRate(scale, times[k])
    const by = (nodes: number, stride: number) => slope(thetas, valueAt, k - first, nodes, stride, speed)
    const [tangent, lower, wider] = [by(NODES, 1), by(FEWER, 1), by(NODES, 2)]
    const growth = norm(tangent).norm / norm(wider).norm
    const factor = growth > 1 && Number.isFinite(growth) ? growth : 1
    return {
      tangent,
      error: tangent.map((value, i) =>
        Math.max(Math.abs(lower[i] - value), factor * Math.abs(wider[i] - value)),
      ),
    }
  }
}

/** `unit` times the derivative by θ at node k, of the polynomial through the nearest nodes, every `stride`-th one. */
function slope(
  thetas: readonly number[],
  valueAt: (k: number) => Float64Array,
  k: number,
  most: number,
  stride: number,
  unit: number,
): Float64Array {
  const before = Math.floor(k / stride)
  const after = Math.floor((thetas.length - 1 - k) / stride)
  const count = Math.min(most, before + after + 1)
  const low = Math.min(Math.max(0, before - Math.floor(count / 2)), before + after + 1 - count)
  const nodes = Array.from({ length: count }, (_, j) => k + (low + j - before) * stride)
  const weights = slopeWeights(
    nodes.map((node) => thetas[node]),
    before - low,
  )
  const out = new Float64Array(valueAt(k).length)
  weights.forEach((weight, j) => {
    const from = valueAt(nodes[j])
    for (let i = 0; i < out.length; i++) out[i] += unit * weight * from[i]
  })
  return out
}

/** The derivatives at node `at` of the Lagrange polynomials of nodes (Berrut & Trefethen, SIAM Rev. 46, 2004, §9). */
function slopeWeights(nodes: readonly number[], at: number): number[] {
  const factor = nodes.map((x, j) =>
    nodes.reduce((product, y, m) => (m === j ? product : product / (x - y)), 1),
  )
  const weights = nodes.map((x, j) => (j === at ? 0 : factor[j] / factor[at] / (nodes[at] - x)))
  weights[at] = -weights.reduce((sum, weight) => sum + weight, 0)
  return weights
}
