/** A function R^d → R^d given by values on a tensor grid. */
export interface Field {
  /** The box of the grid. */
  readonly grid: { readonly dimension: number; readonly low: Float64Array; readonly high: Float64Array }
  /**
   * The value and, row-major by component, the Jacobian at the d coordinates y[start …]. Points outside the grid
   * are evaluated on the polynomial of the nearest cell.
   */
  evaluate(y: Float64Array, start: number, value: Float64Array, jacobian: Float64Array): void
}
