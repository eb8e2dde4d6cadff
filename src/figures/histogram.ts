interface Bin {
  readonly from: number
  readonly to: number
  /** Share of all values, outside ones included, over the width */
  readonly height: number
}

/** Histogram as a density over `count` equal bins of the domain. */
export function density(values: readonly number[], domain: readonly [number, number], count: number): Bin[] {
  const [low, high] = domain
  const width = (high - low) / count
  const counts = new Float64Array(count)
  for (const value of values) {
    const bin = Math.floor((value - low) / width)
    if (bin >= 0 && bin < count) counts[bin] = (counts[bin] as number) + 1
  }
  return Array.from(counts, (n, i) => ({
    from: low + i * width,
    to: low + (i + 1) * width,
    height: values.length === 0 ? 0 : n / values.length / width,
  }))
}
