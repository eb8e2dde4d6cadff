import { Integrator } from '../../src/characteristics/engine.ts'
import type { ButcherTableau } from '../../src/numeric/butcher-tableau.ts'
import { euler as eulerTableau, heun as heunTableau } from '../../src/numeric/tableaux/low-order.ts'
import { bridgeStep } from './bridge.ts'

/** out = D(t, x) for rows. */
type Denoiser = (t: number, x: Float64Array, out: Float64Array) => void

/** A K-step sampler. A new one is a file here and a line in index.ts. */
export interface SamplingScheme {
  /** In words, with the paper and equation it comes from. */
  readonly source: string
  /** Order of convergence of the map in the number of steps; null where noise is added, so that there is no map. */
  readonly order: number | null
  /** Evaluations of the denoiser in so many steps, without the last one, to t = 0, which takes one with every sampler. */
  evaluations(steps: number): number
  /**
   * x from times[0] to the last time above 0, in place; the step from there to 0 is x = D(t, x).
   *
   * @param times descending, the last one 0
   * @param normal standard normal numbers, for samplers that add noise
   */
  descend(denoise: Denoiser, times: Float64Array, x: Float64Array, normal: () => number): void
}

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

/** The steps of a tableau for dx/dt = (x − D(t, x))/t. */
function rungeKuttaScheme(tableau: ButcherTableau, source: string): SamplingScheme {
  return {
    source,
    order: tableau.order,
    evaluations: (steps) => steps * tableau.b.length,
    descend(denoise, times, x) {
      const integrator = new Integrator(tableau, x.length, 1)
      const velocity = (t: number, place: Float64Array, out: Float64Array) => {
        denoise(t, place, out)
        for (let i = 0; i < out.length; i++) out[i] = (place[i] - out[i]) / t
      }
      for (let i = 0; i + 2 < times.length; i++) integrator.advance(velocity, times[i], times[i + 1], x)
    },
  }
}

/** Euler's method in t, which for the VE process is DDIM and DPM-Solver++ of order 1. */
export const euler = rungeKuttaScheme(
  eulerTableau,
  'Euler steps of dx/dt = (x − D)/t: Karras et al. 2022 (arXiv:2206.00364); the same as DDIM, Song et al. 2020 (arXiv:2010.02502)',
)

/** Heun's method in t. */
export const heun = rungeKuttaScheme(
  heunTableau,
  'Heun steps of dx/dt = (x − D)/t: Karras et al. 2022 (arXiv:2206.00364), algorithm 1 without noise',
)

/**
 * DPM-Solver++(2M), data prediction, for the VE process: λ = −log t, h = λ_{i+1} − λ_i, r = h_{i−1}/h_i and
 *
 *     x_{i+1} = e^{−h} x_i + (1 − e^{−h}) (D_i + (D_i − D_{i−1})/(2r))
 *
 * after a first step of order 1. Order 2 in the map for one evaluation a step.
 */
export const dpm2m: SamplingScheme = {
  source: 'DPM-Solver++(2M): Lu et al. 2022 (arXiv:2211.01095), algorithm 2',
  order: 2,
  evaluations: (steps) => steps,
  descend(denoise, times, x) {
    let now = new Float64Array(x.length)
    let before = new Float64Array(x.length)
    for (let i = 0; i + 2 < times.length; i++) {
      denoise(times[i], x, now)
      const h = Math.log(times[i] / times[i + 1])
      const decay = times[i + 1] / times[i]
      const correction = i === 0 ? 0 : h / (2 * Math.log(times[i - 1] / times[i]))
      for (let k = 0; k < x.length; k++)
        x[k] = decay * x[k] + (1 - decay) * (now[k] + correction * (now[k] - before[k]))
      ;[now, before] = [before, now]
    }
  },
}

/**
 * The three-step method of DPM-Solver++ for the VE process: with λ = −log t, the step of the exact solution
 *
 *     x_{i+1} = e^{−h} x_i + ∫_{λ_i}^{λ_{i+1}} e^{λ − λ_{i+1}} D dλ
 *
 * with D replaced by the quadratic through its last three values: D_i + δ₁ s + δ₂ s (s + h_{i−1}), δ₁ and δ₂ divided differences, whose
 * integrals are A₁ = h − 1 + e^{−h} for s and A₂ = h² − 2A₁ for s². Order 3.
 *
 * Two things differ from code in wide use (k-diffusion, DPM-Solver and its copies), which has order 2 with fine steps: there the first step is
 * of order 1, here it is corrected with the slope at its end, for one evaluation; and there δ₂ multiplies the integral of s²/2,
 * half of the term.
 */
export const dpm3m: SamplingScheme = {
  source:
    'DPM-Solver++, multistep with three values: Lu et al. 2022 (arXiv:2211.01095), equation (9) with the exact integrals of a quadratic',
  order: 3,
  evaluations: (steps) => (steps === 0 ? 0 : steps + 1),
  descend(denoise, times, x) {
    let [now, before, past] = [0, 1, 2].map(() => new Float64Array(x.length))
    const gaps = Array.from({ length: times.length - 2 }, (_, i) => gap(times[i], times[i + 1]))
    for (let i = 0; i + 2 < times.length; i++) {
      denoise(times[i], x, now)
      const h = gaps[i]
      const decay = times[i + 1] / times[i]
      const first = h - 1 + decay
      if (i === 0) {
        const guess = x.map((value, k) => decay * value + (1 - decay) * now[k])
        denoise(times[1], guess, before)
        for (let k = 0; k < x.length; k++) x[k] = guess[k] + (first / h) * (before[k] - now[k])
      } else {
        const [last, older] = [gaps[i - 1], i > 1 ? gaps[i - 2] : Infinity]
        const second = i > 1 ? h * h - 2 * first + last * first : 0
        for (let k = 0; k < x.length; k++) {
          const slope = (now[k] - before[k]) / last
          const bend = (slope - (before[k] - past[k]) / older) / (last + older)
          x[k] = decay * x[k] + (1 - decay) * now[k] + first * slope + second * bend
        }
      }
      ;[now, before, past] = [past, now, before]
    }
  },
}

/** λ at `to` minus λ at `from`, above 0 also where the two are roundings apart. */
function gap(from: number, to: number): number {
  return to > from / 2 ? -Math.log1p((to - from) / from) : Math.log(from) - Math.log(to)
}

/** Every K-step sampler there is, by name. */
export const samplingSchemes = {
  euler,
  heun,
  'dpm-2m': dpm2m,
  'dpm-3m': dpm3m,
  ancestral,
} satisfies Record<string, SamplingScheme>

export type SamplerName = keyof typeof samplingSchemes

export const samplerNames = Object.keys(samplingSchemes) as SamplerName[]
