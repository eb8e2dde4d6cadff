import type { RowCode } from '../../src/attempt.ts'
import { type FlowMixture, MixtureFlow } from '../../src/kernels/mixture-flow.ts'
import { type ButcherTableau, isFsal } from '../../src/numeric/butcher-tableau.ts'
import { componentsOf } from '../../src/problem/densities/structure.ts'
import type { Density } from '../../src/problem/density.ts'
import { StepController, smallestStep, type Tolerances } from './controller.ts'
import type { Outcome } from './outcome.ts'

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
  ): Outcome {
    if (mixture !== this.#mixture) this.#flow.set(mixture)
    this.#mixture = mixture
    const { rtol, atol, maxSteps } = tolerances
    const { c, error: estimate } = this.#tableau
    const fsal = isFsal(this.#tableau)
    const flow = this.#flow
    const controller = new StepController(estimate?.order ?? 0, tolerances.controller)
    const direction = to < from ? -1 : 1
    let accepted = 0
    let rejected = 0
    let theta = from
    const end = (code: RowCode): Outcome => {
      flow.store(y)
      const slopes = fsal ? accepted + rejected : Math.max(0, accepted - Number(code === 'success'))
      const evaluations = 2 + (accepted + rejected) * (c.length - 1) + slopes
      return { code, at: theta, accepted, rejected, evaluations: from === to ? 0 : evaluations }
    }
    flow.load(y)
    if (theta === to) return end('success')

    flow.first(theta)
    let h = Math.max(this.#startingStep(theta, to, rtol, atol), 2 * smallestStep(theta, to))
    let error = 0
    while (accepted + rejected < maxSteps) {
      const left = Math.abs(to - theta)
      const last = h >= left * (1 - 1e-9)
      const target = last ? to : theta + direction * Math.min(h, 0.5 * left)
      const size = Math.abs(target - theta)
      if (!(size > smallestStep(theta, target))) return end(Number.isNaN(error) ? 'non-finite' : 'step-floor')
      error = flow.step(theta, target - theta, rtol, atol)
      if (!(error <= 1)) {
        rejected++
        h = size * controller.reject(error)
        continue
      }
      accepted++
      theta = target
      flow.accept(theta, target === to)
      if (target === to) return end('success')
      h = size * controller.accept(error)
    }
    return end(Number.isNaN(error) ? 'non-finite' : 'step-limit')
  }

  #startingStep(theta: number, to: number, rtol: number, atol: number): number {
    const span = Math.abs(to - theta)
    const { speed, h, change } = this.#flow.sizes(theta, rtol, atol, (size, speed) => {
      const trial = Math.min(Math.max(speed > 0 ? (0.01 * size) / speed : span, 1e-6 * span), 1e-3 * span)
      return to < theta ? -trial : trial
    })
    const trial = Math.abs(h)
    const fastest = Math.max(speed, change / trial)
    const guess = fastest > 0 ? (0.01 / fastest) ** (1 / this.#tableau.order) : span
    return Math.min(Number.isFinite(guess) ? guess : trial, 100 * trial, span)
  }
}
