/** An exact consistency function of a VE problem on row-major batches, with what else has a closed form. */
export interface ExactSolution {
  /** f(t, x) */
  evaluate(t: number, x: Float64Array): Float64Array
  /** ∂f/∂x, [n, d, d] */
  jacobian(t: number, x: Float64Array): Float64Array
  /** f(t → u, x) */
  flow?(t: number, u: number, x: Float64Array): Float64Array
}
