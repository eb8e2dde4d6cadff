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

/**
 * X + h a(t, X) + g(t) I₁. With additive noise it is Milstein's scheme too, of strong order 1 (Kloeden & Platen, Numerical
 * Solution of Stochastic Differential Equations, §10.2–10.3); weak order 1.
 */
export const eulerMaruyama: SdeScheme = {
  name: 'euler-maruyama',
  strongOrder: 1,
  weakOrder: 1,
  stages: 1,
  step(sde, t, h, x, { single }, [a]) {
    sde.drift(t, x, a)
    const g = sde.noise(t)
    for (let i = 0; i < x.length; i++) x[i] += h * a[i] + g * single[i]
  },
}

/**
 * The trapezoidal rule with an Euler–Maruyama predictor: X + ½h (a(t, X) + a(t + h, X̃)) + I₁ √(½(g(t)² + g(t + h)²)). With
 * additive noise of strong order 1 and weak order 2 (Kloeden & Platen, §15.1).
 */
export const heun: SdeScheme = {
  name: 'heun',
  strongOrder: 1,
  weakOrder: 2,
  stages: 2,
  step(sde, t, h, x, { single }, [first, second, place]) {
    // one coefficient for both: the variance of the noise by the trapezoidal rule
    const g = Math.sqrt((sde.noise(t) ** 2 + sde.noise(t + h) ** 2) / 2)
    sde.drift(t, x, first)
    for (let i = 0; i < x.length; i++) place[i] = x[i] + h * first[i] + g * single[i]
    sde.drift(t + h, place, second)
    for (let i = 0; i < x.length; i++) x[i] += (h * (first[i] + second[i])) / 2 + g * single[i]
  },
}

/**
 * SRA1 for additive noise, of strong order 1.5 and weak order 2 (Rößler, Runge–Kutta methods for the strong approximation of
 * solutions of stochastic differential equations, SIAM J. Numer. Anal. 48, 2010, table 6.1).
 */
export const sra1: SdeScheme = {
  name: 'sra1',
  strongOrder: 1.5,
  weakOrder: 2,
  stages: 2,
  step(sde, t, h, x, { single, double }, [first, second, place]) {
    const [start, end] = [sde.noise(t), sde.noise(t + h)]
    sde.drift(t, x, first)
    for (let i = 0; i < x.length; i++) place[i] = x[i] + 0.75 * h * first[i] + (1.5 * end * double[i]) / h
    sde.drift(t + 0.75 * h, place, second)
    for (let i = 0; i < x.length; i++)
      x[i] += (h * (first[i] + 2 * second[i])) / 3 + end * single[i] + ((start - end) * double[i]) / h
  },
}

/** Every scheme for SDEs there is, by name. */
export const sdeSchemes = {
  'euler-maruyama': eulerMaruyama,
  heun,
  sra1,
} satisfies Record<string, SdeScheme>

export type SdeSchemeName = keyof typeof sdeSchemes
