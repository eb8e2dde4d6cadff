/** Of a pair of rows: the even ones have the first lane of every pair of numbers, the odd ones the second. */
export type Lane = 0 | 1

/** Writes values into one lane of the pairs from `at` on. */
export function loadLane(pairs: Float64Array, at: number, lane: Lane, values: Float64Array): void {
  for (let i = 0, to = at + lane; i < values.length; i++, to += 2) pairs[to] = values[i]
}
