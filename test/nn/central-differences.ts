/** ∂f/∂values[i] for some of the entries, by central differences in float64; the entries are put back. */
export function centralDifferences(
  values: Float64Array,
  f: () => number,
  most = 25,
): { readonly entries: number[]; readonly slopes: number[] } {
  const h = 1e-5
  const entries: number[] = []
  const slopes: number[] = []
  for (let i = 0; i < values.length; i += Math.max(1, Math.floor(values.length / most))) {
    const kept = values[i]
    values[i] = kept + h
    const up = f()
    values[i] = kept - h
    const down = f()
    values[i] = kept
    entries.push(i)
    slopes.push((up - down) / (2 * h))
  }
  return { entries, slopes }
}

/** The largest difference, relative to the largest entry of b. */
export function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let worst = 0
  let size = 0
  for (let i = 0; i < b.length; i++) {
    worst = Math.max(worst, Math.abs(a[i] - b[i]))
    size = Math.max(size, Math.abs(b[i]))
  }
  return worst / size
}
