import type { Process } from '../process.ts'
import { interpolation } from './interpolation.ts'

/**
 * Flow matching on straight lines, X_t = (1 − t) X₀ + t Z, t in [0, 1] (rectified flow, Liu et al. 2209.03003; Lipman et al.
 * 2210.02747, with time reversed). At t = 1 nothing of the data is left: X₁ = Z.
 */
export function flowMatching(): Process {
  return interpolation({
    kind: 'flowMatching',
    maximumTime: 1,
    alpha: (t) => 1 - t,
    sigma: (t) => t,
    rates: { alpha: () => -1, variance: (t) => 2 * t },
  })
}
