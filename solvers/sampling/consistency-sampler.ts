import type { Method } from '../../src/consistency-function.ts'
import { checkInteger } from '../../src/errors.ts'
import { Random } from '../../src/random/random.ts'

export interface ConsistencySamplerOptions {
  /** K, the evaluations of f. Default 2. */
  readonly steps?: number
}

/**
 * Multistep consistency sampling (Song et al. 2023, arXiv:2303.01469, algorithm 1) with the consistency function of any method:
 * x̂ = f(T, x), then K − 1 times x̂ = f(t, x̂ + t z) with fresh noise z of the seed, at the times t_k = c tan(θ_T (1 − k/K)), θ_T = arctan(T/c).
 * With the true f every x̂ has the law of the data. With a wrong one the noise covers the difference of the two laws, and the next
 * step adds the error of f on [0, t_k] only (docs/mathematics.md §5). Aims at the law: noise cuts the bond of x to f(T, x).
 *
 * @throws InputError for steps out of range, and what the method throws
 * @example const f = await solve(problem, consistencySampler(await loadModel('model'), { steps: 4 }), { time: 10 })
 */
export function consistencySampler(method: Method, options: ConsistencySamplerOptions = {}): Method {
  const steps = checkInteger('steps', options.steps ?? 2, 1, 10_000)
  return {
    name: `sampler:consistency-${steps}`,
    options: { method: method.name, ...method.options, steps },
    target: steps === 1 ? method.target : 'distribution',
    random: steps > 1 || method.random,
    async solveVe(density, run) {
      const map = await method.solveVe(density, run)
      const noise = Random.stream(run.seed, 'noise of consistency sampling')
      const { scale } = density.moments
      return {
        get functionEvaluations() {
          return map.functionEvaluations
        },
        warnings: map.warnings,
        evaluate(t, x) {
          const angle = Math.atan2(t, scale)
          let clean = map.evaluate(t, x)
          for (let k = 1; k < steps; k++) {
            const time = scale * Math.tan(angle * (1 - k / steps))
            clean = map.evaluate(
              time,
              clean.map((value) => value + time * noise.normal()),
            )
          }
          return clean
        },
      }
    },
  }
}
