/**
 * An explicit Runge–Kutta method as data. y₁ = y₀ + h Σ b_i k_i, k_i = v(s + c_i h, y₀ + h Σ a_ij k_j).
 * Rows that also use the slope at the new point, k_S = v(s + h, y₁), have it at index S = b.length: it is the first
 * stage of the next step anyway.
 */
export interface ButcherTableau {
  readonly name: string
  /** The error of a whole integration with fixed steps is O(h^order). */
  readonly order: number
  /** [S] */
  readonly c: readonly number[]
  /** S rows; row i has i numbers */
  readonly a: readonly (readonly number[])[]
  /** [S] */
  readonly b: readonly number[]
  /** Of an embedded method; without it steps are of a fixed size. */
  readonly error?: ErrorEstimate
  /** Without it, the cubic Hermite polynomial. */
  readonly dense?: DenseOutput
}

/** How far a step is off, by the difference from a method of another order with the same stages. */
interface ErrorEstimate {
  /** The estimate of one step is O(h^(order + 1)). */
  readonly order: number
  /**
   * Rows e of error estimates h Σ e_i k_i. With two rows E and F the norm is |E|² / √(|E|² + 0.01 |F|²)
   * (Hairer, Nørsett & Wanner, Solving Ordinary Differential Equations I, II.10).
   */
  readonly weights: readonly (readonly number[])[]
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

/** First same as last: the error estimate uses the slope at the new point. */
export function isFsal({ b, error }: ButcherTableau): boolean {
  return error?.weights.some((row) => row.length > b.length) ?? false
}

/** The dense output of a method; with one of order below 3 the cubic Hermite polynomial has the method's own error. */
export function denseOutput({ order, dense }: ButcherTableau): DenseOutput {
  return dense ?? { order: Math.min(3, order), c: [], a: [], d: [] }
}

/**
 * Weights w_i(x) of the stages in y(s₀ + x h) = y₀ + h Σ w_i k_i for the dense output of a tableau: all its stages,
 * then the slope at the new point, then the stages of the dense output. The nested form is kept because the
 * coefficients of plain powers of x would cancel.
 */
export function denseWeights(tableau: ButcherTableau, x: number, out: Float64Array): void {
  const { b } = tableau
  const { d } = denseOutput(tableau)
  const last = b.length
  for (let i = 0; i < out.length; i++) {
    const first = i === 0 ? 1 : 0
    const slope = i < last ? (b[i] as number) : 0
    let sum = 0
    for (let j = d.length - 1; j >= 0; j--) sum = ((d[j]?.[i] ?? 0) + sum) * (j % 2 === 0 ? 1 - x : x)
    sum = (2 * slope - first - (i === last ? 1 : 0) + sum) * x
    sum = (first - slope + sum) * (1 - x)
    out[i] = (slope + sum) * x
  }
}
