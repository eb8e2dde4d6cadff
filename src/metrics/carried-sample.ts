import { fromComoving, toComoving } from '../../solvers/characteristics/comoving.ts'
import { flow } from '../../solvers/characteristics/index.ts'
import type { Density } from '../problem/density.ts'
import { applySpectral } from '../problem/moments.ts'
import type { Random } from '../random/random.ts'
import { drawProposal, hasProposal } from './proposal.ts'

/**
 * Weighted trajectories of the probability-flow ODE of a VE problem: the truth for every reported error, since
 * f(t, x(t)) = x(0) along each of them.
 */
export interface CarriedSample {
  /** importance: docs/mathematics.md §5. plain: drawn from p_T, where p_data has no density to weigh with. */
  readonly kind: 'importance' | 'plain'
  /** n·d values: the starts of the trajectories. */
  readonly x0: Float64Array
  /** n weights, constant along each trajectory. */
  readonly weights: Float64Array
  /** Times, ascending, uniform in θ = arctan(t/c): 0, …, T. */
  readonly times: Float64Array
  /** The trajectories at each time, n·d values each. */
  readonly positions: readonly Float64Array[]
  readonly functionEvaluations: number
}

export interface CarriedSampleOptions {
  /** T of the VE problem. */
  readonly time: number
  /** Number of trajectories n. */
  readonly count: number
  /** Intervals in θ between 0 and T. */
  readonly intervals: number
  readonly random: Random
  /** Tolerance of the solver that carries them; default 1e-10. */
  readonly rtol?: number
}

/**
 * Draws trajectories by importance sampling in data space and carries them forward (docs/mathematics.md §5). Where the
 * data has no density (point masses, a score alone), draws x_T from p_T (or, for a score alone, from the Gaussian
 * with its far moments) and carries them back.
 */
export function carriedSample(density: Density, options: CarriedSampleOptions): CarriedSample {
  const { time, count, intervals, random } = options
  const { scale } = density.moments
  const angle = Math.atan2(time, scale)
  const thetas = Float64Array.from({ length: intervals + 1 }, (_, k) => (angle * k) / intervals)
  const times = thetas.map((theta, k) => (k === intervals ? time : scale * Math.tan(theta)))
  const solver = flow(density, { rtol: options.rtol ?? 1e-10 })
  const onWay = (ys: readonly Float64Array[], from: Float64Array) =>
    ys.map((y, k) => {
      const x = new Float64Array(y.length)
      fromComoving(density, from[k], y, x)
      return x
    })

  if (hasProposal(density)) {
    const { x0, weights } = drawProposal(density, count, random)
    const y0 = new Float64Array(x0.length)
    toComoving(density, 0, x0, y0)
    const positions: Float64Array[] = onWay(solver.carry(thetas, y0), times)
    positions[0] = x0
    return { kind: 'importance', x0, weights, times, positions, functionEvaluations: solver.functionEvaluations }
  }
  const xT = drawNoised(density, time, count, random)
  const yT = new Float64Array(xT.length)
  toComoving(density, time, xT, yT)
  const down = thetas.slice().reverse()
  const positions = onWay(solver.carry(down, yT), times.slice().reverse()).reverse()
  return {
    kind: 'plain',
    x0: positions[0],
    weights: new Float64Array(count).fill(1),
    times,
    positions,
    functionEvaluations: solver.functionEvaluations,
  }
}

/** n·d values of X_T = X₀ + T Z; for a score alone, of the Gaussian N(μ, Σ + T² I). */
export function drawNoised(density: Density, time: number, count: number, random: Random): Float64Array {
  const { dimension: d, moments } = density
  if (density.sample) {
    const x = density.sample(count, random)
    for (let i = 0; i < x.length; i++) x[i] += time * random.normal()
    return x
  }
  const x = Float64Array.from({ length: count * d }, () => random.normal())
  applySpectral(
    moments,
    moments.eigenvalues.map((value) => Math.sqrt(value + time * time)),
    x,
  )
  for (let i = 0; i < x.length; i++) x[i] += moments.mean[i % d]
  return x
}
