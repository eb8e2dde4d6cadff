/** dX = a(t, X) dt + g(t) dB, with additive noise. */
export interface Sde {
  /** out = a(t, x) for rows. */
  drift(t: number, x: Float64Array, out: Float64Array): void
  noise(t: number): number
}

/** A step's noise, one of each for every value: I₁ = ∫ dB and I₁₀ = ∫ (B(s) − B(t)) ds over the step. */
export interface Increments {
  readonly single: Float64Array
  readonly double: Float64Array
}

/** A one-step scheme for SDEs with additive noise. A new one is a file here and a line in index.ts. */
export interface SdeScheme {
  readonly name: string
  /** Of E|X_N − X(T)|, paths coupled by their Brownian motion. */
  readonly strongOrder: number
  /** Of |E g(X_N) − E g(X(T))|. */
  readonly weakOrder: number
  /** Evaluations of the drift in a step. */
  readonly stages: number
  /** x from t to t + h in place; `work` is memory for as many arrays of the size of x as there are stages and one more. */
  step(
    sde: Sde,
    t: number,
    h: number,
    x: Float64Array,
    increments: Increments,
    work: readonly Float64Array[],
  ): void
}
