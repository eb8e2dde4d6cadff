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

/** Replaces the rows of y by the values of f there; outside its grid f continues linearly from the nearest point. */
export function evaluateExtended({ grid, evaluate }: Field, y: Float64Array): void {
  const { dimension: d, low, high } = grid
  const inside = new Float64Array(d)
  const value = new Float64Array(d)
  const jacobian = new Float64Array(d * d)
  for (let row = 0; row < y.length; row += d) {
    for (let i = 0; i < d; i++) inside[i] = Math.min(Math.max(y[row + i], low[i]), high[i])
    evaluate(inside, 0, value, jacobian)
    for (let i = 0; i < d; i++) {
      const beyond = y[row + i] - inside[i]
      if (beyond !== 0) for (let m = 0; m < d; m++) value[m] += jacobian[m * d + i] * beyond
    }
    y.set(value, row)
  }
}
