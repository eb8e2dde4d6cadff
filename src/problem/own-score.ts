import type { Problem } from './problem.ts'
import { vePoints, veTime } from './process.ts'

/**
 * s(t, x) = ∇ log p_t(x) of the problem's own process into out, on row-major batches: that of its law, or
 * s_VE(σ_t/α, (x − m)/α)/α of a linear process (docs/mathematics.md §1.4).
 */
export function ownScore(
  { process, density, law }: Problem,
  t: number,
  x: Float64Array,
  out: Float64Array,
): void {
  if (law) {
    law.score(t, x, out)
    return
  }
  density.score(veTime(process, t), vePoints(process, t, x), out)
  const alpha = process.alpha(t)
  if (alpha !== 1) for (let i = 0; i < out.length; i++) out[i] /= alpha
}
