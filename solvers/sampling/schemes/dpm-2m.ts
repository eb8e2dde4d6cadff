import type { SamplingScheme } from './scheme.ts'

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
