import { bridgeStep } from '../bridge.ts'
import type { SamplingScheme } from './scheme.ts'

/**
 * Euler-ancestral: x_{s} is drawn from the law of X_s given X_t = x and X₀ = D(t, x), the exact bridge (docs/mathematics.md §6). That is
 * Euler's step to s²/t, and noise of variance s²(1 − s²/t²). It solves the reverse SDE as s → t, and is the stochastic flow of
 * docs/mathematics.md §6 with G = 0: it leaves out Cov(X₀|X_t).
 */
export const ancestral: SamplingScheme = {
  source:
    'ancestral sampling, Ho et al. 2020 (arXiv:2006.11239), for the VE process: Song et al. 2021 (arXiv:2011.13456), appendix F',
  order: null,
  evaluations: (steps) => steps,
  descend(denoise, times, x, normal) {
    const clean = new Float64Array(x.length)
    for (let i = 0; i + 2 < times.length; i++) {
      denoise(times[i], x, clean)
      bridgeStep(times[i], times[i + 1], clean, x, normal)
    }
  },
}
