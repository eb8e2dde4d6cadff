import type { Method } from '../../../src/consistency-function.ts'
import { checkInteger } from '../../../src/errors.ts'
import type { Density } from '../../../src/problem/density.ts'
import { Random } from '../../../src/random/random.ts'
import { bridgeStep } from '../../sampling/bridge.ts'
import { type ScheduleName, scheduleTimes } from '../../sampling/schedules.ts'
import type { StochasticFlow } from './flow.ts'

export interface StochasticSamplerOptions {
  /** K, the evaluations of the flow. Default 8. */
  readonly steps?: number
  /** Default cosine, times uniform in θ = arctan(t/c). */
  readonly schedule?: ScheduleName
  /** The last time above 0. Default by the schedule: T/K of the way in θ. */
  readonly sigmaMin?: number
}

/**
 * K steps of a stochastic flow (docs/mathematics.md §6): draw X₀ = F + G ξ, then X_{t_{k−1}} by the exact bridge between X₀ and X_{t_k}; the last
 * X₀ is the result. With K = 1 that is f(T, x, ξ) itself. Aims at the law alone; noise of the seed, anew in every call.
 *
 * @param flowOf the flow for the density of the problem
 * @throws InputError for an option out of range, and what `flowOf` throws
 * @example const f = await solve(problem, stochasticSampler(exactStochasticFlow, { steps: 8 }), { time: 10 })
 */
export function stochasticSampler(
  flowOf: (density: Density) => StochasticFlow,
  options: StochasticSamplerOptions = {},
): Method {
  const steps = checkInteger('steps', options.steps ?? 8, 1, 1_000_000)
  const { schedule = 'cosine', sigmaMin } = options
  return {
    name: `sampler:stochastic-flow-${steps}`,
    options: { steps, schedule, ...(sigmaMin !== undefined && { sigmaMin }) },
    target: 'distribution',
    random: true,
    solveVe(density, { seed }) {
      const flow = flowOf(density)
      const noise = Random.stream(seed, 'noise of the stochastic flow')
      const normal = () => noise.normal()
      const { scale } = density.moments
      let evaluations = 0
      return {
        get functionEvaluations() {
          return evaluations
        },
        evaluate(t, x) {
          if (t === 0) return x.slice()
          const to = sigmaMin ?? scale * Math.tan(Math.atan2(t, scale) / steps)
          const times = scheduleTimes(schedule, steps, { from: t, to, scale })
          const place = x.slice()
          for (let k = 0; ; k++) {
            evaluations += x.length / flow.dimension
            const clean = draw(flow, times[k], place, normal)
            if (times[k + 1] === 0) return clean
            bridgeStep(times[k], times[k + 1], clean, place, normal)
          }
        },
      }
    },
  }
}

/** F + G ξ. */
function draw(flow: StochasticFlow, t: number, x: Float64Array, normal: () => number): Float64Array {
  const { dimension: d } = flow
  const { mean, factor } = flow.law(t, x)
  const xi = new Float64Array(d)
  for (let start = 0; start < x.length; start += d) {
    for (let j = 0; j < d; j++) xi[j] = normal()
    for (let i = 0; i < d; i++)
      for (let j = 0; j < d; j++) mean[start + i] += factor[(start + i) * d + j] * xi[j]
  }
  return mean
}
