import type { Density } from '../../../src/problem/density.ts'
import type { Random } from '../../../src/random/random.ts'
import type { Loss, LossContext } from '../losses/loss.ts'
import type { TrainingSettings } from '../settings.ts'
import { freshPoints } from './fresh.ts'
import { flowPoints } from './pool.ts'
import { poolSize } from './pool-size.ts'
import type { PointSource } from './source.ts'

export interface PointOptions {
  readonly settings: TrainingSettings
  /** θ_T */
  readonly largestAngle: number
  readonly seed: number
  readonly random: Random
}

/** The source of training points that the settings ask for. */
export function pointSource(
  density: Density,
  loss: Loss,
  context: LossContext,
  { settings, largestAngle, seed, random }: PointOptions,
): PointSource {
  const { steps, batch } = settings
  if (settings.points === 'fresh') return freshPoints(density, loss, context, { batch, largestAngle, random })
  const weights = context.network.parameters.reduce(
    (sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1),
    0,
  )
  const size = poolSize({ steps, batch, weights, terms: density.terms ?? 1 })
  return flowPoints(density, loss, context, { batch, largestAngle, size, seed, random })
}
