import type { Field } from './field.ts'

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
