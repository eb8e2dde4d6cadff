/** out = f + h Σ weights[k] stages[k]: a stage or the step of a Runge–Kutta method. `out` may be f. */
export function combine(
  out: Float64Array,
  f: Float64Array,
  h: number,
  weights: readonly number[],
  stages: readonly Float64Array[],
): void {
  if (out !== f) out.set(f)
  weights.forEach((weight, k) => {
    if (weight === 0) return
    const stage = stages[k]
    const factor = h * weight
    for (let i = 0; i < out.length; i++) out[i] += factor * stage[i]
  })
}
