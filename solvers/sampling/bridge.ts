/**
 * Draws X_s given X₀ and X_t, 0 < s < t, in place of X_t: N(X₀ + (s²/t²)(X_t − X₀), s²(1 − s²/t²) I), exact for the VE process
 * (docs/mathematics.md §6).
 *
 * @param clean X₀, n·d values
 * @param x X_t on entry, X_s on return
 * @param normal standard normal numbers, one a value
 */
export function bridgeStep(
  t: number,
  s: number,
  clean: Float64Array,
  x: Float64Array,
  normal: () => number,
): void {
  const share = (s / t) ** 2
  const deviation = s * Math.sqrt(1 - share)
  for (let i = 0; i < x.length; i++) x[i] = clean[i] + share * (x[i] - clean[i]) + deviation * normal()
}
