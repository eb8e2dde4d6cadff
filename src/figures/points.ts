/** Points of R^d, row after row: values[i·dimension + k] is coordinate k of point i. */
export interface PointRows {
  readonly values: ArrayLike<number>
  readonly dimension: number
}

export function countRows(points: PointRows): number {
  return Math.floor(points.values.length / points.dimension)
}

/** One coordinate of every point. */
export function column(points: PointRows, k: number): number[] {
  return Array.from(
    { length: countRows(points) },
    (_, i) => points.values[i * points.dimension + k] as number,
  )
}

/** At most `most` of the indices 0 … n−1, evenly spread: no randomness, and no favour for the first ones. */
export function spread(n: number, most: number): number[] {
  if (n <= most) return Array.from({ length: n }, (_, i) => i)
  return Array.from({ length: most }, (_, i) => Math.floor((i * n) / most))
}

/** Smallest and largest finite value with air on both sides; [0, 1] when there is none. */
export function extent(values: Iterable<number>, air = 0.08): [number, number] {
  let low = Infinity
  let high = -Infinity
  for (const value of values) {
    if (!Number.isFinite(value)) continue
    if (value < low) low = value
    if (value > high) high = value
  }
  if (low > high) return [0, 1]
  const margin = high > low ? air * (high - low) : Math.max(1e-9, Math.abs(low) * 0.1)
  return [low - margin, high + margin]
}
