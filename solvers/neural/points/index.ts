import { allocate, drawStratified, hasProposal } from '../../../src/metrics/importance-sampling.ts'
import { weightCount } from '../../../src/nn/networks.ts'
import type { Density } from '../../../src/problem/density.ts'
import type { Random } from '../../../src/random/random.ts'
import type { Loss, LossContext } from '../loss.ts'
import type { TrainingSettings } from '../settings.ts'
import { type TrainingPointSource, type TrainingPoints, withArrivals } from '../training-points.ts'
import { flowPoints, poolSize } from './pool.ts'

interface PointOptions {
  readonly settings: TrainingSettings
  /** θ_T */
  readonly largestAngle: number
  readonly seed: number
  readonly random: Random
  /** The step at which the training was made longer: pools of points are counted from there. */
  readonly from: number
  /** `terms` of the density whose score gives the velocity, if that is another. */
  readonly terms?: number | undefined
}

/** The source of training points that the settings ask for. */
export function pointSource(
  density: Density,
  loss: Loss,
  context: LossContext,
  { settings, largestAngle, seed, random, from, terms = density.terms ?? 1 }: PointOptions,
): TrainingPointSource {
  const { steps, batch } = settings
  if (settings.points === 'fresh') return freshPoints(density, loss, context, { batch, largestAngle, random })
  const weights = weightCount(context.network)
  const size = poolSize({ steps, batch, weights, terms })
  // a coarse solution is wrong where its trajectory is long
  const late = settings.coarseSteps > 0 && !loss.discrete
  return flowPoints(density, loss, context, { batch, largestAngle, size, seed, random, from, late })
}

interface FreshOptions {
  readonly batch: number
  /** θ_T */
  readonly largestAngle: number
  readonly random: Random
}

/**
 * New points X₀ + t Z for every batch, at angles uniform in [0, θ_T] and stratified: one in each of `batch` equal parts
 * (docs/mathematics.md §7). Rare parts that are known are raised and weighted, as in §5.6. A density that cannot be sampled gives way to the Gaussian of the same moments: any points
 * that cover the space will do for losses that do not need X₀.
 */
export function freshPoints(
  density: Density,
  loss: Loss,
  context: LossContext,
  options: FreshOptions,
): TrainingPointSource {
  const { batch, largestAngle, random } = options
  const { coordinates, interval } = context
  const d = coordinates.dimension
  const raised = hasProposal(density) && density.strata !== undefined && allocate(density.strata) !== null

  /** θ and, of a loss that draws its own times, the second angle. */
  function drawAngles(progress: number): { theta: Float64Array; arrival?: Float64Array } {
    const theta = new Float64Array(batch)
    const arrival = new Float64Array(batch)
    for (let i = 0; i < batch; i++) {
      const share = (i + random.uniform()) / batch
      if (loss.angles) [theta[i], arrival[i]] = loss.angles(share, context, random, progress)
      else
        theta[i] = loss.discrete
          ? (Math.floor((share * largestAngle) / interval) + 1) * interval
          : share * largestAngle
    }
    return loss.angles ? { theta, arrival } : { theta }
  }

  /** X₀, its rare parts raised where they are known. A target that is a sample of the noise has its right mean by the whole weight only. */
  function drawStarts(sample: NonNullable<Density['sample']>) {
    if (!raised) return { start: sample(batch, random), weight: new Float64Array(batch).fill(1) }
    const { x0, weights } = drawStratified(density, 0, batch, random)
    return { start: x0, weight: loss.coupled ? weights : weights.map(Math.sqrt) }
  }

  function draw(progress: number): TrainingPoints {
    const angles = drawAngles(progress)
    const { theta } = angles
    const y = new Float64Array(batch * d)
    if (!density.sample) {
      for (let i = 0; i < y.length; i++) y[i] = random.normal()
      return { ...angles, y, weight: new Float64Array(batch).fill(1) }
    }
    const { start, weight } = drawStarts(density.sample)
    const noise = new Float64Array(batch * d)
    for (let i = 0; i < noise.length; i++) noise[i] = random.normal()
    const times = theta.map(coordinates.time)
    const x = new Float64Array(batch * d)
    for (let i = 0; i < x.length; i++) x[i] = start[i] + times[Math.floor(i / d)] * noise[i]
    coordinates.toY(times, x, y)
    return { ...angles, y, weight, start, noise }
  }

  return {
    prepare: () => Promise.resolve(false),
    next: (progress) => withArrivals(loss.prepareTargets(draw(progress), context), loss, random),
  }
}
