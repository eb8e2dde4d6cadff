import { InputError } from '../../errors.ts'
import type { ProblemRecord } from '../../specification/problem.ts'
import { LAST_TIME, type Process } from '../process.ts'
import { interpolation } from './interpolation.ts'

/** The process of a problem file where α and σ are known in closed form, else null: such a problem is read without the parser of formulas. */
export function closedFormProcess(spec: ProblemRecord['process']): Process | null {
  switch (spec.kind) {
    case 've':
    case 'edm':
      return ve(spec.kind)
    case 'vp':
      return vp(spec.betaMin, spec.betaMax)
    case 'subVp':
      return subVp(spec.betaMin, spec.betaMax)
    case 'flowMatching':
      return flowMatching()
    case 'cosine':
      return cosine(spec.s)
    default:
      return null
  }
}

/**
 * Variance exploding, b = 0, σ(t) = √(2t): X_t = X₀ + t Z (docs/mathematics.md §1). The EDM process is the same. At t = ∞ it is
 * rescaled by t: a point there is Z.
 */
export function ve(kind: 've' | 'edm' = 've'): Process {
  return {
    kind,
    maximumTime: 1e8,
    infinite: true,
    alpha: (t) => (t === Infinity ? 1 / LAST_TIME : 1),
    sigma: (t) => (t === Infinity ? 1 : t),
    drift: (_t, _x, out) => void out.fill(0),
    diffusion: (t) => Math.sqrt(2 * t),
  }
}

/**
 * Variance preserving, dX = −½β X dt + √β dB with β(t) = betaMin + t (betaMax − betaMin), t in [0, 1]:
 * α = exp(−½ ∫₀ᵗ β), σ² = 1 − α² (Song et al. 2011.13456, eq. 11 and 33).
 */
function vp(betaMin: number, betaMax: number): Process {
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
function subVp(betaMin: number, betaMax: number): Process {
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

/**
 * Flow matching on straight lines, X_t = (1 − t) X₀ + t Z, t in [0, 1] (rectified flow, Liu et al. 2209.03003; Lipman et al.
 * 2210.02747, with time reversed). At t = 1 nothing of the data is left: X₁ = Z.
 */
function flowMatching(): Process {
  return interpolation({
    kind: 'flowMatching',
    maximumTime: 1,
    alpha: (t) => 1 - t,
    sigma: (t) => t,
    rates: { alpha: () => -1, variance: (t) => 2 * t },
  })
}

/**
 * The cosine schedule of Nichol & Dhariwal (2102.09672, eq. 17) in continuous time: α² = ᾱ(t) = cos²(π/2 (t + s)/(1 + s))/cos²(π/2 s/(1 + s)),
 * σ² = 1 − ᾱ, t in [0, 1]. At t = 1 nothing of the data is left.
 *
 * @param s at least 0
 */
function cosine(s: number): Process {
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
