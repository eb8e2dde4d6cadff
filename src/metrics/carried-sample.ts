import { flow } from '../characteristics/index.ts'
import { fromComoving, toComoving } from '../characteristics/probability-flow.ts'
import { checkInteger, checkNumber } from '../errors.ts'
import { applySpectral } from '../numeric/moments.ts'
import { inPrincipalAxes, outOfPrincipalAxes } from '../problem/densities/structure.ts'
import type { Density } from '../problem/density.ts'
import type { Random } from '../random/random.ts'
import { drawProposal, drawStratified, hasProposal, type Proposal } from './importance-sampling.ts'

/** Trajectories of the probability-flow ODE of a VE problem. */
export interface Trajectories {
  /**
   * Times, ascending, uniform in θ = arctan(t/c), from 0 (or, for point masses, a tiny time) to T; `graded` ones uniform in each pair of
   * intervals from the last on.
   */
  readonly times: Float64Array
  /** The trajectories at each time, n·d values each. */
  readonly positions: readonly Float64Array[]
  readonly functionEvaluations: number
}

/** Weighted trajectories: the truth for every reported error, since f(t, x(t)) = x(0) along each of them. */
export interface CarriedSample extends Trajectories {
  /** importance: docs/mathematics.md §5. plain: drawn from p_T, where p_data has no density to weigh with, in every part that is known (§5.6). */
  readonly kind: 'importance' | 'plain'
  /** n·d values: f at every point of each trajectory. */
  readonly x0: Float64Array
  /** n weights, constant along each trajectory. */
  readonly weights: Float64Array
  /** The part of p_data that each trajectory was drawn from, in numbers that were fixed (docs/mathematics.md §5.6); absent where draws are independent. */
  readonly labels?: Int32Array
  /** Tolerance of the solver that carried them; 1e-10 where it is left out. */
  readonly rtol?: number
}

export interface CarriedSampleOptions {
  /** T of the VE problem. */
  readonly time: number
  /** Number of trajectories n. */
  readonly count: number
  /** Times of the VE problem, ascending to T, in place of intervals: 0 is put before them unless it is the first. */
  readonly times?: Float64Array | undefined
  /** Intervals in θ between 0 and T, even for the certificate's Simpson rule. */
  readonly intervals: number
  /** Times of the VE problem, ascending, above 0, of which the last is where the intervals begin in place of 0. */
  readonly before?: readonly number[] | undefined
  readonly random: Random
  /** Splits intervals beyond the data scale over which t more than doubles, as networks of log t need them; default false. */
  readonly graded?: boolean
  /** Draws X₀ from p_data itself, with weights of 1, to show what importance sampling is good for; default false. */
  readonly plain?: boolean
  /** Tolerance of the solver that carries them; default 1e-10, of a learned score 1e-8. */
  readonly rtol?: number
}

// point masses have no score at t = 0: their trajectories stop at this share of the largest angle
const ATOM_SHARE = 1e-6
const RTOL = 1e-10
// a network is no smoother than that at a reasonable cost
const NETWORK_RTOL = 1e-8
const LARGEST_RATIO = 2
// a process that ends in noise alone has no largest time
const MOST_HALVINGS = 5

/**
 * Draws trajectories by importance sampling in data space and carries them forward (docs/mathematics.md §5). Where the
 * data has no density (point masses, a score alone), draws x_T from p_T, point masses each in its share or more, (for a score alone, from the
 * Gaussian with its far moments) and carries them back.
 */
export function carriedSample(density: Density, options: CarriedSampleOptions): CarriedSample {
  const { time, count, random, graded = false, plain = false } = options
  const { rtol = density.kind === 'neural' ? NETWORK_RTOL : RTOL } = options
  const intervals = options.times ?? laidOut(density, options)
  checkNumber('time', time, 0, Infinity, true)
  checkInteger('count', count, 1)
  if (typeof intervals === 'number') checkInteger('intervals', intervals, 1, 1e6)
  if (!hasProposal(density)) {
    const { x, weights, labels }: Omit<Proposal, 'x0'> & { readonly x: Float64Array } =
      density.strata && density.sample && !plain
        ? drawStratified(density, time, count, random)
        : { x: drawNoised(density, time, count, random), weights: new Float64Array(count).fill(1) }
    const back = carriedBack(density, time, x, intervals, rtol, graded)
    const x0 = density.atomic ? nearestAtoms(density, back) : back.positions[0]
    return { ...back, kind: 'plain', x0, weights, ...(labels && { labels }), rtol }
  }
  // the basis of the data does not matter to trajectories, and its own axes are cheaper
  const aligned = inPrincipalAxes(density)
  const drawn = plain ? drawPlain(aligned, count, random) : drawProposal(aligned, count, random)
  const { weights, labels } = drawn
  const start = new Float64Array(drawn.x0.length)
  toComoving(aligned, 0, drawn.x0, start)
  const { thetas, times } = nodes(density, time, intervals, graded)
  const solver = flow(aligned, { rtol })
  const carried = inSpace(aligned, times, solver.carry(thetas, start))
  carried[0] = drawn.x0
  const positions = aligned === density ? carried : carried.map((z) => outOfPrincipalAxes(density, z))
  const [x0] = positions
  return {
    kind: plain ? 'plain' : 'importance',
    x0,
    weights,
    ...(labels && { labels }),
    times,
    positions,
    functionEvaluations: solver.functionEvaluations,
    rtol,
  }
}

/**
 * Carries points of a density's trajectories from one time to another: x (n·d values) at time `from` to those at time `to`. What a sample
 * is refined by between its times.
 */
export function carrier(
  density: Density,
  rtol = RTOL,
): (x: Float64Array, from: number, to: number) => Float64Array {
  const solver = flow(density, { rtol })
  const { scale } = density.moments
  return (x, from, to) => {
    const y = new Float64Array(x.length)
    toComoving(density, from, x, y)
    const carried = solver.carry(Float64Array.of(Math.atan2(from, scale), Math.atan2(to, scale)), y)[1]
    fromComoving(density, to, carried, carried)
    return carried
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
  intervals: number | Float64Array,
  rtol: number,
  graded = false,
): Trajectories {
  const { thetas, times } = nodes(density, time, intervals, graded)
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

/** The times of intervals that begin after 0, in place of their number. */
function laidOut(density: Density, { before = [], time, intervals, graded }: CarriedSampleOptions) {
  const from = before.at(-1)
  if (from === undefined) return intervals
  const { scale } = density.moments
  const [low, high] = [from, time].map((t) => Math.atan2(t, scale))
  const uniform = Float64Array.from({ length: intervals + 1 }, (_, k) => low + ((high - low) * k) / intervals)
  const thetas = graded ? gradedAngles(uniform) : uniform
  const inside = Array.from(thetas.subarray(1, -1), (theta) => scale * Math.tan(theta))
  return Float64Array.of(...before, ...inside, time)
}

function nodes(
  density: Density,
  time: number,
  intervals: number | Float64Array,
  graded: boolean,
): { thetas: Float64Array; times: Float64Array } {
  const { scale } = density.moments
  if (typeof intervals !== 'number') {
    const times = intervals[0] === 0 ? intervals : Float64Array.of(0, ...intervals)
    const thetas = times.map((t) => Math.atan2(t, scale))
    if (density.atomic) thetas[0] = ATOM_SHARE * thetas[1]
    return {
      thetas,
      times: density.atomic ? Float64Array.of(scale * Math.tan(thetas[0]), ...times.subarray(1)) : times,
    }
  }
  const angle = Math.atan2(time, scale)
  const uniform = Float64Array.from({ length: intervals + 1 }, (_, k) => (angle * k) / intervals)
  const thetas = graded ? gradedAngles(uniform) : uniform
  if (density.atomic) thetas[0] = ATOM_SHARE * angle
  const times = thetas.map((theta, k) => (k === thetas.length - 1 ? time : scale * Math.tan(theta)))
  return { thetas, times }
}

/** Pairs of intervals, halved where the tangent of the angle is above 1 and more than doubles over the second. */
function gradedAngles(thetas: Float64Array): Float64Array {
  /** All angles of a pair but the last. */
  const pair = (low: number, high: number, halvings = MOST_HALVINGS): number[] => {
    const middle = (low + high) / 2
    const coarse = Math.tan(high) > Math.max(1, LARGEST_RATIO * Math.tan(middle))
    return coarse && halvings > 0
      ? [...pair(low, middle, halvings - 1), ...pair(middle, high, halvings - 1)]
      : [low, middle]
  }
  const last = thetas.length - 1
  const graded = Array.from(thetas.subarray(0, last % 2))
  for (let k = last % 2; k < last; k += 2) graded.push(...pair(thetas[k], thetas[k + 2]))
  return Float64Array.of(...graded, thetas[last])
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
