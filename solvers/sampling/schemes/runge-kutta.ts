import { Integrator } from '../../characteristics/engine.ts'
import type { Tableau } from '../../characteristics/tableaux/tableau.ts'
import type { SamplingScheme } from './scheme.ts'

/** The steps of a tableau for dx/dt = (x − D(t, x))/t. */
export function rungeKuttaScheme(tableau: Tableau, source: string): SamplingScheme {
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
