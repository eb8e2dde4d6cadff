import { fromComoving, toComoving } from '../../solvers/characteristics/comoving.ts'
import { flow } from '../../solvers/characteristics/index.ts'
import type { Density } from '../problem/density.ts'
import { applySpectral } from '../problem/moments.ts'
import { inPrincipalAxes, outOfPrincipalAxes } from '../problem/principal-axes.ts'
import type { Random } from '../random/random.ts'
import { drawProposal, hasProposal, type Proposal } from './proposal.ts'

/** Trajectories of the probability-flow ODE of a VE problem. */
export interface Trajectories {
  /** Times, ascending, uniform in θ = arctan(t/c), from 0 (or, for point masses, a tiny time) to T. */
  readonly times: Float64Array
  /** The trajectories at each time, n·d values each. */
  readonly positions: readonly Float64Array[]
  readonly functionEvaluations: number
}

/** Weighted trajectories: the truth for every reported error, since f(t, x(t)) = x(0) along each of them. */
export interface CarriedSample extends Trajectories {
  /** importance: docs/mathematics.md §5. plain: drawn from p_T, where p_data has no density to weigh with. */
  readonly kind: 'importance' | 'plain'
  /** n·d values: f at every point of each trajectory. */
  readonly x0: Float64Array
  /** n weights, constant along each trajectory. */
  readonly weights: Float64Array
}

export interface CarriedSampleOptions {
  /** T of the VE problem. */
  readonly time: number
  /** Number of trajectories n. */
  readonly count: number
  /** Intervals in θ between 0 and T, even for the certificate's Simpson rule. */
  readonly intervals: number
  readonly random: Random
  /** Draws X₀ from p_data itself, with weights of 1, to show what importance sampling is good for; default false. */
  readonly plain?: boolean
  /** Tolerance of the solver that carries them; default 1e-10. */
  readonly rtol?: number
}

// point masses have no score at t = 0: their trajectories stop at this share of the largest angle
const ATOM_SHARE = 1e-6

/**
 * Draws trajectories by importance sampling in data space and carries them forward (docs/mathematics.md §5). Where the
 * data has no density (point masses, a score alone), draws x_T from p_T (for a score alone, from the Gaussian with its
 * far moments) and carries them back.
 */
export function carriedSample(density: Density, options: CarriedSampleOptions): CarriedSample {
  const { time, count, intervals, random, plain = false, rtol = 1e-10 } = options
  if (!hasProposal(density)) {
    const back = carriedBack(density, time, drawNoised(density, time, count, random), intervals, rtol)
    const x0 = density.atomic ? nearestAtoms(density, back) : back.positions[0]
    return { ...back, kind: 'plain', x0, weights: new Float64Array(count).fill(1) }
  }
  // the basis of the data does not matter to trajectories, and its own axes are cheaper
  const aligned = inPrincipalAxes(density)
  const drawn = plain ? drawPlain(aligned, count, random) : drawProposal(aligned, count, random)
  const { weights } = drawn
  const start = new Float64Array(drawn.x0.length)
  toComoving(aligned, 0, drawn.x0, start)
  const { thetas, times } = nodes(density, time, intervals)
  const solver = flow(aligned, { rtol })
  const carried = inSpace(aligned, times, solver.carry(thetas, start))
  carried[0] = drawn.x0
  const positions = aligned === density ? carried : carried.map((z) => outOfPrincipalAxes(density, z))
  const [x0] = positions
  return {
    kind: plain ? 'plain' : 'importance',
    x0,
    weights,
    times,
    positions,
    functionEvaluations: solver.functionEvaluations,
  }
}

function drawPlain(density: Density, count: number, random: Random): Proposal {
  const x0 = (density.sample as NonNullable<Density['sample']>)(count, random)
  return { x0, weights: new Float64Array(count).fill(1) }
}

/** The trajectories that end in given points x (n·d values) at time T, carried back to 0. */
export function carriedBack(
  density: Density,
  time: number,
  x: Float64Array,
  intervals: number,
  rtol: number,
): Trajectories {
  const { thetas, times } = nodes(density, time, intervals)
  const start = new Float64Array(x.length)
  toComoving(density, time, x, start)
  const solver = flow(density, { rtol })
  const positions = solver.carry(thetas.slice().reverse(), start).reverse()
  return {
    times,
    positions: inSpace(density, times, positions),
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

function nodes(
  density: Density,
  time: number,
  intervals: number,
): { thetas: Float64Array; times: Float64Array } {
  const { scale } = density.moments
  const angle = Math.atan2(time, scale)
  const thetas = Float64Array.from({ length: intervals + 1 }, (_, k) => (angle * k) / intervals)
  if (density.atomic) thetas[0] = ATOM_SHARE * angle
  const times = thetas.map((theta, k) => (k === intervals ? time : scale * Math.tan(theta)))
  return { thetas, times }
}

function inSpace(density: Density, times: Float64Array, ys: readonly Float64Array[]): Float64Array[] {
  return ys.map((y, k) => {
    const x = new Float64Array(y.length)
    fromComoving(density, times[k], y, x)
    return x
  })
}

/** The points that trajectories have all but reached: the denoiser there. */
function nearestAtoms(density: Density, { times, positions }: Trajectories): Float64Array {
  const x0 = new Float64Array(positions[0].length)
  density.denoiser(times[0], positions[0], x0)
  return x0
}
