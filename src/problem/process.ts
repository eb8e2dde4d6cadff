/**
 * A linear forward process X_t = α(t) X₀ + σ(t) Z, Z ~ N(0, I). Every such process reduces to the VE process by
 * f(t, x) = f_VE(σ(t)/α(t), x/α(t)) (docs/mathematics.md §1).
 */
export interface Process {
  readonly kind: string
  /** The largest time the process is defined for. */
  readonly maximumTime: number
  alpha(t: number): number
  sigma(t: number): number
}

/** The time τ = σ(t)/α(t) of the VE process that a linear process reduces to. */
export function veTime(process: Process, t: number): number {
  return process.sigma(t) / process.alpha(t)
}
