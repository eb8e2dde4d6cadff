import type { Density } from './density.ts'
import type { Law } from './law.ts'
import type { Problem } from './problem.ts'

/** The probability-flow ODE of a problem that does not reduce to the VE process, in the problem's own time. */
export interface ProbabilityFlow {
  readonly dimension: number
  /** p_data. */
  readonly density: Density
  readonly law: Law
  /** out = b(t, x) − ½σ(t)² ∇log p_t(x), n·d values (docs/mathematics.md §1.1, equation (3)). */
  velocity(t: number, x: Float64Array, out: Float64Array): void
  /** Times in (0, end), ascending, that no step should go across. */
  breaks(end: number): readonly number[]
}

/** The probability-flow ODE of a problem with a law of its own. */
export function probabilityFlow({ process, density, dimension }: Problem, law: Law): ProbabilityFlow {
  let drift = new Float64Array(0)
  return {
    dimension,
    density,
    law,
    breaks: (end) => process.breaks?.(end) ?? [],
    velocity(t, x, out) {
      if (drift.length !== x.length) drift = new Float64Array(x.length)
      process.drift(t, x, drift)
      law.score(t, x, out)
      const half = process.diffusion(t) ** 2 / 2
      for (let i = 0; i < x.length; i++) out[i] = drift[i] - half * out[i]
    },
  }
}
