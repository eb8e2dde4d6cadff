import type { VeMap, VeRun } from '../consistency-function.ts'
import { InputError } from '../errors.ts'
import type { ProbabilityFlow } from '../problem/probability-flow.ts'
import { LineCdf } from './line-cdf.ts'

const CELLS = 2048
// the interval is longer than the box of p_t by this part of it on both sides
const BEYOND = 0.25

/**
 * The quantile map F₀⁻¹(F_t(x)) between p_t and p_data on the line where the drift is not linear (docs/mathematics.md §3): p_t from
 * its own law, p_data as it is. As exact as p_t.
 *
 * @throws InputError for other dimensions, or where only a score is known
 */
export async function lawMap({ density, dimension, law }: ProbabilityFlow, run: VeRun): Promise<VeMap> {
  const { logDensity } = density
  if (dimension > 1 || !law.logDensity || !logDensity)
    throw new InputError(
      'method',
      'exact',
      `characteristics here: with a drift that is not linear an exact map is known on the line only, for data with a density`,
    )
  await law.prepare(run.time, run)
  if (!law.box) throw new InputError('method', 'exact', 'characteristics here: p_t has no box')
  const [[low, high]] = law.box
  const beyond = BEYOND * (high - low)
  const cdf = (t: number) =>
    new LineCdf(
      (x, out) => (t === 0 ? logDensity(0, x, out) : law.logDensity?.(t, x, out)),
      low - beyond,
      high + beyond,
      CELLS,
    )
  const start = cdf(0)
  let last: { readonly t: number; readonly cdf: LineCdf } | null = null
  return {
    functionEvaluations: 0,
    diagnostics: law.diagnostics,
    evaluate(t, x) {
      if (last?.t !== t) last = { t, cdf: cdf(t) }
      const end = last.cdf
      return x.map((value) => {
        const below = end.probability(value, 0)
        return below <= 0.5 ? start.quantile(below, 0) : start.quantile(end.probability(value, 1), 1)
      })
    },
  }
}
