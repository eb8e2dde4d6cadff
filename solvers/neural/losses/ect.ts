import { type Loss, valueResidual } from '../loss.ts'
import { column } from '../training-points.ts'
import { pairBatch, preparePairs } from './pairs.ts'
import { lognormalQuantile, PAPER_DEVIATION } from './time-laws.ts'

// arXiv:2406.14548: q = 2, k = 8, b = 1; here in eight stages of equal length
const RATIO = 2
const WIDENING = 8
const STAGES = 8

/** r of t, both in the paper's units: r = t (1 − q^{−(stage+1)} (1 + 8 σ(−t))), and 0 where that is negative. */
export function ectPartner(t: number, progress: number): number {
  const stage = Math.min(STAGES - 1, Math.floor(progress * STAGES))
  const share = RATIO ** -(stage + 1) * (1 + WIDENING / (1 + Math.exp(t)))
  return t * Math.max(0, 1 - share)
}

/**
 * Easy consistency tuning: `ct` on pairs (t, r) with t lognormal and r → t in stages, so that it starts as the training of
 * a denoiser (r = 0); weighted by 1/(t − r), with the norm not squared. Times are in the paper's units: σ = t/(2c). The
 * metric makes it converge to the map of another ODE (docs/mathematics.md §4.3).
 */
export const ect: Loss = {
  name: 'ect',
  source:
    'Eulerian identity, discrete, one sample of the noise: Geng et al. 2024 (arXiv:2406.14548), its mapping function r(t)',
  cause: () => 'It couples points by their noise, not by the ODE, which smears f between the modes.',
  discrete: false,
  coupled: true,
  movingTarget: true,
  metric: 'l1',
  angles(share, { coordinates, largestAngle }, _, progress) {
    const unit = coordinates.moments.scale / PAPER_DEVIATION
    // a share of 0 has no quantile
    const t = lognormalQuantile(Math.max(share, 1e-12), coordinates.time(largestAngle) / unit)
    return [coordinates.angle(t * unit), coordinates.angle(ectPartner(t, progress) * unit)]
  },
  prepareTargets: preparePairs,
  batch: (points, context, weights) => pairBatch(points, column(points, 'arrival'), 1, context, weights),
  residual: valueResidual,
}
