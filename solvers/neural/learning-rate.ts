const WARM_UP = 200

/**
 * The learning rate of a step: a linear warm-up of 200 steps (a tenth of a short training), then a cosine to 0
 * (docs/mathematics.md §7).
 *
 * @param step 0, 1, …, total − 1
 */
export function learningRate(largest: number, step: number, total: number): number {
  const warmUp = Math.min(1, (step + 1) / Math.min(WARM_UP, Math.max(1, total / 10)))
  return (largest * warmUp * (1 + Math.cos((Math.PI * step) / total))) / 2
}
