import { InputError } from '../../errors.ts'
import type { Process } from '../process.ts'

/**
 * Variance preserving, dX = −½β X dt + √β dB with β(t) = betaMin + t (betaMax − betaMin), t in [0, 1]:
 * α = exp(−½ ∫₀ᵗ β), σ² = 1 − α² (Song et al. 2011.13456, eq. 11 and 33).
 */
export function vp(betaMin: number, betaMax: number): Process {
  const integral = checkedIntegral(betaMin, betaMax)
  return {
    kind: 'vp',
    maximumTime: 1,
    alpha: (t) => Math.exp(-integral(t) / 2),
    sigma: (t) => Math.sqrt(-Math.expm1(-integral(t))),
    drift: pull(betaMin, betaMax),
    diffusion: (t) => Math.sqrt(betaMin + t * (betaMax - betaMin)),
  }
}

/** Sub-VP: the drift of VP with σ = 1 − α² (Song et al. 2011.13456, eq. 12 and 35). */
export function subVp(betaMin: number, betaMax: number): Process {
  const integral = checkedIntegral(betaMin, betaMax)
  return {
    kind: 'subVp',
    maximumTime: 1,
    alpha: (t) => Math.exp(-integral(t) / 2),
    sigma: (t) => -Math.expm1(-integral(t)),
    drift: pull(betaMin, betaMax),
    // σ(t)² = β (1 − α⁴)
    diffusion: (t) => Math.sqrt(-(betaMin + t * (betaMax - betaMin)) * Math.expm1(-2 * integral(t))),
  }
}

/** ∫₀ᵗ β(u) du for the linear schedule. */
function checkedIntegral(betaMin: number, betaMax: number): (t: number) => number {
  if (betaMax < betaMin)
    throw new InputError('problem.process.betaMax', betaMax, `at least betaMin = ${betaMin}`)
  return (t) => betaMin * t + ((betaMax - betaMin) * t * t) / 2
}

/** b = −½β(t) x. */
function pull(betaMin: number, betaMax: number): Process['drift'] {
  return (t, x, out) => {
    const rate = -(betaMin + t * (betaMax - betaMin)) / 2
    for (let i = 0; i < x.length; i++) out[i] = rate * x[i]
  }
}
