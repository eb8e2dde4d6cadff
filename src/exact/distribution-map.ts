import type { VeMap } from '../consistency-function.ts'
import { ComputationError } from '../errors.ts'
import type { Distribution } from '../problem/law.ts'
import type { ProbabilityFlow } from '../problem/probability-flow.ts'
import type { LineCdf } from './line-cdf.ts'

/** Accuracies of probabilities that are tried one after another, where points are so far out that they need them. */
const ACCURACIES = [1e-8, 3e-10, 1e-11]
const BEST = ACCURACIES[ACCURACIES.length - 1]
// what an image may be off, in data scales
const PLACED = 1e-5
// of a probability by quadrature
const ROUNDING = 1e-13

/**
 * The quantile map F₀⁻¹(F_t(x)) with F_t by finite volumes, for drifts with jumps and corners and others that log p on a grid does not
 * resolve (docs/mathematics.md §1.6). What is known of the error of F_t places every image to 1e-5 of the data's scale, or nothing is returned.
 *
 * @throws ComputationError (from evaluating) for a point so far out that its probability does not place the image
 */
export function distributionMap({ density, law }: ProbabilityFlow, start: LineCdf): VeMap {
  const { scale } = density.moments
  let last: Distribution | null = null

  /** The image of x and its error: infinite where no accuracy would place it. */
  function image(end: Distribution, x: number): { y: number; error: number } {
    const [low, high] = end.box
    if (!(x >= low && x <= high)) return { y: Number.NaN, error: Infinity }
    const side = end.probability(x, 0).value <= 0.5 ? 0 : 1
    const { value, error } = end.probability(x, side)
    if (!(value > BEST)) return { y: Number.NaN, error: Infinity }
    const y = start.quantile(value, side)
    if (BEST / start.density(y) > PLACED * scale) return { y, error: Infinity }
    return { y, error: (error + Math.abs(end.mass - 1) * value + ROUNDING) / start.density(y) }
  }

  return {
    functionEvaluations: 0,
    get diagnostics() {
      return last && { cells: last.cells, probabilityError: last.error }
    },
    evaluate(t, x) {
      if (t === 0) return x.slice()
      const out = new Float64Array(x.length)
      let worst = { row: 0, error: Infinity }
      for (const accuracy of ACCURACIES) {
        const end = law.distribution?.(t, accuracy) ?? null
        if (!end) break
        last = end
        worst = { row: 0, error: 0 }
        x.forEach((value, row) => {
          const { y, error } = image(end, value)
          out[row] = y
          if (error > worst.error) worst = { row, error }
        })
        if (worst.error <= PLACED * scale) return out
        if (end.error > accuracy || worst.error === Infinity) break
      }
      const [low, high] = last?.box ?? [0, 0]
      throw new ComputationError(
        `f(${t}, ${x[worst.row]}) is not known well enough: p_t there or p_data at the image is too small beside the error of the finite-volume scheme, which is made from ${low.toPrecision(3)} to ${high.toPrecision(3)}, and the drift is not smooth enough for characteristics.`,
      )
    },
  }
}
