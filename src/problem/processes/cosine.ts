import type { Process } from '../process.ts'
import { interpolation } from './interpolation.ts'

/**
 * The cosine schedule of Nichol & Dhariwal (2102.09672, eq. 17) in continuous time: α² = ᾱ(t) = cos²(π/2 (t + s)/(1 + s))/cos²(π/2 s/(1 + s)),
 * σ² = 1 − ᾱ, t in [0, 1]. At t = 1 nothing of the data is left.
 *
 * @param s at least 0
 */
export function cosine(s: number): Process {
  const unit = Math.PI / 2 / (1 + s)
  const first = s * unit
  // cos(first), so that α(0) is 1 exactly
  const norm = Math.sin(unit)
  // by 1 − t, which keeps the digits of a cosine near 0
  const alpha = (t: number) => Math.sin((1 - t) * unit) / norm
  const alphaRate = (t: number) => (-unit * Math.sin(first + t * unit)) / norm
  return interpolation({
    kind: 'cosine',
    maximumTime: 1,
    alpha,
    // cos² a − cos² b = sin(b − a) sin(b + a)
    sigma: (t) => Math.sqrt(Math.sin(t * unit) * Math.sin(2 * first + t * unit)) / norm,
    rates: { alpha: alphaRate, variance: (t) => -2 * alpha(t) * alphaRate(t) },
  })
}
