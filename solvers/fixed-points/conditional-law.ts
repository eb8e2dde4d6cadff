import { normalRule } from '../../src/numeric/gauss-quadrature.ts'
import type { Components } from './gaussian-components.ts'
import { type Posterior, posterior } from './posterior.ts'

/**
 * The law of X_s = X₀ + sε given X_t = X₀ + tε = x, the coupling of consistency training (docs/mathematics.md §4.2):
 * X_s = (s/t) x + (1 − s/t) X₀, X₀ from its posterior. As weighted atoms, by a Gauss–Hermite rule for every Gaussian.
 */
export interface ConditionalLaw {
  readonly posterior: Posterior
  /** s/t */
  readonly share: number
  /** [atoms, d] and [atoms], of the last x. */
  readonly atoms: Float64Array
  readonly weights: Float64Array
  /** Fills atoms and weights for the x at x[start …] and returns how many there are. */
  at(x: Float64Array, start: number): number
}

// components less probable than this do not count
const NEGLIGIBLE = 1e-15

/** @param order nodes of the rule an axis */
export function conditionalLaw(components: Components, t: number, s: number, order: number): ConditionalLaw {
  const d = components.dimension
  const law = posterior(components, t)
  const share = s / t
  const rule = normalRule(order, d)
  const atoms = new Float64Array(law.count * rule.count * d)
  const weights = new Float64Array(law.count * rule.count)

  function at(x: Float64Array, start: number): number {
    law.at(x, start)
    const { responsibilities, means, roots } = law
    let used = 0
    for (let k = 0; k < law.count; k++) {
      if (responsibilities[k] < NEGLIGIBLE) continue
      for (let g = 0; g < rule.count; g++, used++) {
        weights[used] = responsibilities[k] * rule.weights[g]
        for (let i = 0; i < d; i++) {
          let value = means[k * d + i]
          for (let j = 0; j < d; j++) value += roots[(k * d + i) * d + j] * rule.nodes[g * d + j]
          atoms[used * d + i] = share * x[start + i] + (1 - share) * value
        }
      }
    }
    return used
  }

  return { posterior: law, share, atoms, weights, at }
}
