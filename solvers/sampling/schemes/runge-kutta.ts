import { Integrator } from '../../../src/characteristics/engine.ts'
import type { ButcherTableau } from '../../../src/numeric/butcher-tableau.ts'
import { euler as eulerTableau, heun as heunTableau } from '../../../src/numeric/tableaux/low-order.ts'
import type { SamplingScheme } from './scheme.ts'

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
