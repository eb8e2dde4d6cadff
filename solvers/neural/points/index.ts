import { weightCount } from '../../../src/nn/networks.ts'
import type { Density } from '../../../src/problem/density.ts'
import type { Random } from '../../../src/random/random.ts'
import type { Loss, LossContext } from '../loss.ts'
import type { TrainingSettings } from '../settings.ts'
import { freshPoints } from './fresh.ts'
import { flowPoints, poolSize } from './pool.ts'
import type { TrainingPointSource } from './source.ts'

interface PointOptions {
  readonly settings: TrainingSettings
  /** θ_T */
  readonly largestAngle: number
  readonly seed: number
  readonly random: Random
  /** `terms` of the density whose score gives the velocity, if that is another. */
  readonly terms?: number | undefined
}

/** The source of training points that the settings ask for. */
export function pointSource(
  density: Density,
  loss: Loss,
  context: LossContext,
  { settings, largestAngle, seed, random, terms = density.terms ?? 1 }: PointOptions,
): TrainingPointSource {
  const { steps, batch } = settings
  if (settings.points === 'fresh') return freshPoints(density, loss, context, { batch, largestAngle, random })
  const weights = weightCount(context.network)
  const size = poolSize({ steps, batch, weights, terms })
  return flowPoints(density, loss, context, { batch, largestAngle, size, seed, random })
}
