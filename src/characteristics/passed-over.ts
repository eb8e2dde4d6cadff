import type { Density } from '../problem/density.ts'
import { SPREAD } from './adaptive-steps.ts'
import { finestOf } from './probability-flow.ts'

/**
 * What must be said of steps that were chosen without a look at the data, as those of samplers and of paths: that one of them is so long that it
 * passes over the narrowest part. Adaptive steps are never that long.
 *
 * @param times of the VE problem, in either order
 * @param what the steps, as the subject of a sentence
 * @returns a sentence, or null where no step is
 */
export function passedOver(density: Density, times: ArrayLike<number>, what: string): string | null {
  const finest = finestOf(density, 1)
  // point masses have no width
  if (!finest) return null
  for (let k = 1; k < times.length; k++) {
    const [low, high] = [Math.min(times[k - 1], times[k]), Math.max(times[k - 1], times[k])]
    if (!(high + finest > SPREAD * (low + finest) * (1 + 1e-9))) continue
    return (
      `${what} are longer than the data allow: one goes from ${high.toPrecision(3)} to ${low.toPrecision(3)} (times of the VE process), and the narrowest part of the data ` +
      `has a deviation of ${finest.toPrecision(3)}. Between such parts it may end where there are no data: take more steps, or times closer to 0.`
    )
  }
  return null
}
