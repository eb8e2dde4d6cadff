import { LAST_TIME, type Process, type Rates } from '../process.ts'

/** α, σ_t and their rates for t in [0, maximumTime]; α may be 0 at the end. */
interface Interpolation {
  readonly kind: string
  readonly maximumTime: number
  alpha(t: number): number
  sigma(t: number): number
  readonly rates: Rates
}

/**
 * The process X_t = α X₀ + σ_t Z of given α and σ_t, a linear SDE with b = (α′/α) x and σ(t)² = (σ_t²)′ − 2 (α′/α) σ_t²
 * (docs/mathematics.md §1.4). Where α is 0, α is σ_t/LAST_TIME instead.
 */
export function interpolation({ kind, maximumTime, alpha, sigma, rates }: Interpolation): Process {
  const own = (t: number) => Math.max(alpha(t), sigma(t) / LAST_TIME)
  const pull = (t: number) => rates.alpha(t) / own(t)
  return {
    kind,
    maximumTime,
    alpha: own,
    sigma,
    rates,
    drift(t, x, out) {
      const rate = pull(t)
      for (let i = 0; i < x.length; i++) out[i] = rate * x[i]
    },
    // a difference that is 0 may come out below
    diffusion: (t) => Math.sqrt(Math.max(0, rates.variance(t) - 2 * pull(t) * sigma(t) ** 2)),
  }
}
