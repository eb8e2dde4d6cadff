import type { VeMap, VeRun } from '../consistency-function.ts'
import { ComputationError, InputError } from '../errors.ts'
import type { ProbabilityFlow } from '../problem/probability-flow.ts'
import { evenly } from './cross-check.ts'
import { distributionMap } from './distribution-map.ts'
import { LineCdf, type LogDensityOnLine } from './line-cdf.ts'

const CELLS = 2048
// the interval is longer than the box of p_t by this part of it on both sides
const BEYOND = 0.25
// what the mass of p_t may differ from 1
const MASS = 1e-5
// how well a probability is known, relative to itself, and how well an image has to be placed by it, in data scales
const KNOWN = 1e-8
const PLACED = 1e-6
// by how much an image may differ from that along its characteristic, in data scales
const AGREEMENT = 1e-5
// how well probabilities by the second method are known, to be used alone where log p on a grid does not do
const SECOND = 1e-6
const CHECKED = 3
const TOLERANCES = { rtol: 1e-10, atol: 1e-12 }

/** @throws ComputationError where the mass is not 1 */
function checkedCdf(
  logDensity: LogDensityOnLine,
  t: number,
  [low, high]: readonly [number, number],
): LineCdf {
  const made = new LineCdf(logDensity, low, high, CELLS)
  if (!(Math.abs(made.mass - 1) < MASS))
    throw new ComputationError(
      `At t = ${t} the density adds up to ${made.mass.toPrecision(8)} in place of 1; try more grid.nodes, a larger grid.box, or characteristics.`,
    )
  return made
}

/**
 * The quantile map F₀⁻¹(F_t(x)) between p_t and p_data on the line where the drift is not linear (docs/mathematics.md §3): p_t from
 * its own law, p_data as it is. As exact as p_t. Where the drift has jumps or corners, or its law on a grid is refused, F_t is by finite volumes. Where p_data is so small that a probability does not place the image, and outside the box of p_t, the
 * image is that along the characteristic. A few points of every call are compared with theirs.
 *
 * @throws InputError for other dimensions, or where only a score is known
 * @throws ComputationError (from evaluating too) where the mass of p_t is not 1, or a characteristic leads elsewhere
 */
export async function lawMap(flow: ProbabilityFlow, run: VeRun): Promise<VeMap> {
  const { density, dimension, law } = flow
  const { logDensity } = density
  if (dimension > 1 || !law.logDensity || !logDensity)
    throw new InputError(
      'method',
      'exact',
      `characteristics here: with a drift that is not linear an exact map is known on the line only, for data with a density`,
    )
  const second = law.distribution?.(run.time, SECOND) ?? null
  const alone = second && second.error <= SECOND ? second : null
  const byDistribution = (box: readonly [number, number]) =>
    distributionMap(
      flow,
      checkedCdf((x, out) => logDensity(0, x, out), 0, box),
    )
  if (alone?.corners) return byDistribution(alone.box)
  try {
    await law.prepare(run.time, run)
  } catch (error) {
    const refused = error instanceof InputError || error instanceof ComputationError
    if (!refused || !alone) throw error
    return byDistribution(alone.box)
  }
  if (!law.box) throw new InputError('method', 'exact', 'characteristics here: p_t has no box')
  const { rungeKutta } = await import('../characteristics/index.ts')
  const along = await rungeKutta(TOLERANCES).solveFlow?.(flow, run)
  const [[low, high]] = law.box
  const { scale } = density.moments
  const beyond = BEYOND * (high - low)
  const cdf = (t: number) =>
    checkedCdf((x, out) => (t === 0 ? logDensity(0, x, out) : law.logDensity?.(t, x, out)), t, [
      low - beyond,
      high + beyond,
    ])
  const start = cdf(0)
  let last: { readonly t: number; readonly cdf: LineCdf } | null = null

  /** The image of x by probabilities, and whether these place it. */
  function image(end: LineCdf, x: number): { y: number; placed: boolean } {
    const below = end.probability(x, 0)
    const side = below <= 0.5 ? 0 : 1
    const probability = side === 0 ? below : end.probability(x, 1)
    const y = start.quantile(probability, side)
    const error = (KNOWN * probability) / start.density(y)
    const inside = x >= low && x <= high && y >= low && y <= high
    return { y, placed: inside && error <= PLACED * scale }
  }

  return {
    get functionEvaluations() {
      return along?.functionEvaluations ?? 0
    },
    diagnostics: law.diagnostics,
    evaluate(t, x) {
      if (t === 0) return x.slice()
      if (last?.t !== t) last = { t, cdf: cdf(t) }
      const end = last.cdf
      const images = Array.from(x, (value) => image(end, value))
      const out = Float64Array.from(images, ({ y }) => y)
      const rows = Array.from(images.keys())
      const others = rows.filter((row) => !images[row].placed)
      const placed = rows.filter((row) => images[row].placed)
      const compared = evenly(placed, CHECKED)
      const asked = [...others, ...compared]
      const found = along?.evaluate(
        t,
        Float64Array.from(asked, (row) => x[row]),
      )
      asked.forEach((row, i) => {
        const value = found?.[i] ?? Number.NaN
        if (i < others.length) out[row] = value
        else if (!(Math.abs(value - out[row]) <= AGREEMENT * scale))
          throw new ComputationError(
            `f(${t}, ${x[row]}) is ${out[row]} by the mass of p_t and ${value} along the characteristic: the density on the grid is not accurate enough; try more grid.nodes or a smaller grid.tolerance.`,
          )
      })
      return out
    },
  }
}
