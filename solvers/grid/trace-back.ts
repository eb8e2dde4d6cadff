import type { Flow } from '../../src/characteristics/probability-flow.ts'

/**
 * Replaces rows of y, positions at θ, by their starts at θ = 0, along their own characteristics: what a grid does with points
 * that it does not reach.
 *
 * @param rows where the rows start in y
 * @param from the positions, where y itself does not hold them any more
 */
export function traceBack(
  carrier: Flow,
  theta: number,
  y: Float64Array,
  dimension: number,
  rows: readonly number[],
  from: Float64Array = y,
): void {
  if (rows.length === 0) return
  const places = new Float64Array(rows.length * dimension)
  for (const [k, row] of rows.entries()) places.set(from.subarray(row, row + dimension), k * dimension)
  const starts = carrier.carry(Float64Array.of(theta, 0), places)[1] as Float64Array
  for (const [k, row] of rows.entries()) y.set(starts.subarray(k * dimension, (k + 1) * dimension), row)
}
