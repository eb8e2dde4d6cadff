import type { RowCode } from '../attempt.ts'
import { type FlowMixture, MixtureFlow } from '../kernels/mixture-flow.ts'
import { type ButcherTableau, isFsal } from '../numeric/butcher-tableau.ts'
import { componentsOf } from '../problem/densities/structure.ts'
import type { Density } from '../problem/density.ts'
import type { Outcome, Tolerances } from './adaptive-steps.ts'
import { adaptiveSteps, type TrialSteps } from './adaptive-steps.ts'

// a table holds K d² numbers a stage, and the exponents lose the digits of a covariance's condition number
const MOST_DIMENSIONS = 8
const LARGEST_CONDITION = 1e4

/** The density as a mixture whose trajectories `FusedIntegrator` can follow, or undefined where it is none. */
export function fusedMixture(density: Density): FlowMixture | undefined {
  const components = componentsOf(density)
  const { dimension: d, moments } = density
  if (!components || moments.scale === 0 || d > MOST_DIMENSIONS) return undefined
  const { eigenvalues } = components
  for (let k = 0; k < eigenvalues.length; k += d) {
    const own = eigenvalues.subarray(k, k + d)
    if (d > 1 && Math.max(...own) > LARGEST_CONDITION * Math.min(...own)) return undefined
  }
  return { ...components, centre: moments.mean, scale: moments.scale }
}

/**
 * `Integrator.integrate` for the comoving velocity of a Gaussian mixture, with the steps in WebAssembly: the same steps and,
 * up to rounding, the same values.
 */
export class FusedIntegrator {
  readonly #tableau: ButcherTableau
  readonly mostComponents: number
  readonly mostRows: number
  readonly #flow: MixtureFlow
  #mixture: FlowMixture | undefined

  /** For blocks of at most `mostRows` rows and mixtures of at most `mostComponents` components. */
  constructor(tableau: ButcherTableau, dimension: number, mostComponents: number, mostRows: number) {
    this.#tableau = tableau
    this.mostComponents = mostComponents
    this.mostRows = mostRows
    this.#flow = new MixtureFlow(dimension, mostComponents, mostRows, tableau)
  }

  /** Whether mixtures and blocks of this size fit. */
  holds(components: number, rows: number): boolean {
    return components <= this.mostComponents && rows <= this.mostRows
  }

  /** y from θ = `from` to `to` in place, as `Integrator.integrate`. */
  integrate(
    mixture: FlowMixture,
    from: number,
    to: number,
    y: Float64Array,
    tolerances: Tolerances,
    finest?: number,
  ): Outcome {
    if (mixture !== this.#mixture) this.#flow.set(mixture)
    this.#mixture = mixture
    const { rtol, atol } = tolerances
    const { c, order, error } = this.#tableau
    const fsal = isFsal(this.#tableau)
    const flow = this.#flow
    const progress = { at: from, accepted: 0, rejected: 0 }
    const end = (code: RowCode): Outcome => {
      flow.store(y)
      const { accepted, rejected } = progress
      const slopes = fsal ? accepted + rejected : Math.max(0, accepted - Number(code === 'success'))
      const evaluations = 2 + (accepted + rejected) * (c.length - 1) + slopes
      return { code, ...progress, evaluations: from === to ? 0 : evaluations }
    }
    flow.load(y)
    if (from === to) return end('success')

    flow.first(from)
    const trials: TrialSteps = {
      order,
      estimateOrder: error?.order ?? 0,
      sizes(step) {
        const { speed, h, change } = flow.sizes(from, rtol, atol, step)
        return { speed, curvature: change / Math.abs(h) }
      },
      attempt: (theta, target) => flow.step(theta, target - theta, rtol, atol),
      accept: (target, last) => flow.accept(target, last),
    }
    const steps = adaptiveSteps(trials, progress, to, tolerances, finest)
    for (;;) {
      const { done, value } = steps.next()
      if (done) return end(value)
    }
  }
}
