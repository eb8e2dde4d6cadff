/**
 * An explicit Runge–Kutta method as data. y₁ = y₀ + h Σ b_i k_i, k_i = v(s + c_i h, y₀ + h Σ a_ij k_j).
 * Rows that also use the slope at the new point, k_S = v(s + h, y₁), have it at index S = b.length: it is the first
 * stage of the next step anyway.
 */
export interface Tableau {
  readonly name: string
  /** The error of a whole integration with fixed steps is O(h^order). */
  readonly order: number
  /** The error estimate of one step is O(h^(embeddedOrder + 1)); null when there is none. */
  readonly embeddedOrder: number | null
  /** First same as last: the error estimate uses the slope at the new point. */
  readonly fsal: boolean
  /** [S] */
  readonly c: readonly number[]
  /** S rows; row i has i numbers */
  readonly a: readonly (readonly number[])[]
  /** [S] */
  readonly b: readonly number[]
  /**
   * Rows e of error estimates h Σ e_i k_i. With two rows E and F the norm is |E|² / √(|E|² + 0.01 |F|²)
   * (Hairer, Nørsett & Wanner, Solving Ordinary Differential Equations I, II.10).
   */
  readonly errors: readonly (readonly number[])[]
  readonly dense: DenseOutput
}

/**
 * A polynomial through a step: with x = (s − s₀)/h and ȳ = 1 − x,
 * y = y₀ + x (F₀ + ȳ (F₁ + x (F₂ + ȳ (F₃ + x (F₄ + …))))), where F₀, F₁, F₂ make the cubic Hermite polynomial and
 * F_{3+j} = h Σ d_ji k_i (Hairer, Nørsett & Wanner, II.6).
 */
export interface DenseOutput {
  /** The error of the polynomial in one step is O(h^(order + 1)). */
  readonly order: number
  /** Stages needed for it alone, numbered from S + 1. */
  readonly c: readonly number[]
  readonly a: readonly (readonly number[])[]
  readonly d: readonly (readonly number[])[]
}

/** The cubic Hermite polynomial; with a method of order below 3 the method's own error dominates. */
export function hermite(order: number): DenseOutput {
  return { order: Math.min(3, order), c: [], a: [], d: [] }
}
