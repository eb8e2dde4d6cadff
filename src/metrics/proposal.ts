import { ComputationError, checkInteger } from '../errors.ts'
import type { Density } from '../problem/density.ts'
import type { Random } from '../random/random.ts'
import { allocate } from './allocation.ts'
import { drawParts } from './stratified.ts'

/** The shares of q that are noised by N(0, h² I), h in units of the data scale c. */
const BROADENED = [
  { share: 0.4, width: 0 },
  { share: 0.3, width: 0.5 },
  { share: 0.3, width: 1 },
] as const
// multiples of it, modulo 1, fill [0, 1) evenly wherever one starts and stops
const GOLDEN = (Math.sqrt(5) - 1) / 2

export interface Proposal {
  /** n·d values drawn from q. */
  readonly x0: Float64Array
  /** n weights w = p_data/q: at most 2.5, or 2.5/0.85 where rare parts are raised, times n·share/(times drawn) of the part. */
  readonly weights: Float64Array
  /** The part of p_data that each row is from. How many rows each part has was not left to chance. */
  readonly labels?: Int32Array
}

/** Whether importance sampling in data space is possible: p_data has a density and can be sampled. */
export function hasProposal(density: Density): boolean {
  return density.logDensity !== undefined && density.sample !== undefined && !density.atomic
}

/**
 * Points from q = 0.4 p + 0.3 p*N(0, (c/2)² I) + 0.3 p*N(0, c² I) with their weights p_data/q (docs/mathematics.md §5):
 * the points between the modes, where consistency functions are steep, are drawn often and weigh little. p is p_data, in which rare
 * parts that are known (`density.strata`) are raised to a share that a sample sees (`allocate`): points lie in every mode, however
 * little it weighs. Parts and widths are drawn systematically, in their exact proportions and a random order.
 *
 * @throws ComputationError when the density cannot be evaluated or sampled
 */
export function drawProposal(density: Density, count: number, random: Random): Proposal {
  const { dimension: d, moments, strata } = density
  const { logDensity } = density
  checkInteger('count', count, 1)
  if (!logDensity || !density.sample || density.atomic)
    throw new ComputationError(
      `Importance sampling needs a density that can be evaluated; ${density.kind} data has none.`,
    )
  const shares = strata ? allocate(strata) : null
  const { x0, factors, order, labels } = drawParts(density, shares, count, random)
  // one after another within a part, so that each of them has every width
  const offset = random.uniform()
  const parts = order.map((i) => partOf((offset + i * GOLDEN) % 1))
  const narrow = x0.slice()
  for (let row = 0; row < count; row++) {
    const width = BROADENED[parts[row]].width * moments.scale
    if (width > 0) for (let i = 0; i < d; i++) x0[row * d + i] += width * random.normal()
  }
  const logs = (evaluate: (t: number, x: Float64Array, out: Float64Array) => void, t: number) => {
    const out = new Float64Array(count)
    evaluate(t, x0, out)
    return out
  }
  const data = logs(logDensity, 0)
  const drawn = BROADENED.map(({ width }) => {
    if (shares) return logs((t, x, out) => strata?.logDensity?.(shares, t, x, out), width * moments.scale)
    return width === 0 ? data : logs(logDensity, width * moments.scale)
  })
  const weights = new Float64Array(count)
  for (let row = 0; row < count; row++) {
    const largest = Math.max(...drawn.map((log) => log[row]))
    let q = 0
    drawn.forEach((log, part) => {
      q += BROADENED[part].share * Math.exp(log[row] - largest)
    })
    weights[row] = (factors[row] * Math.exp(data[row] - largest)) / q
    // no trajectory starts where p_data is 0: one that weighs nothing starts where it was before the noise
    if (data[row] === -Infinity) x0.set(narrow.subarray(row * d, (row + 1) * d), row * d)
  }
  return { x0, weights, labels }
}

/** The part of BROADENED that the quantile u belongs to. */
function partOf(u: number): number {
  let sum = 0
  const part = BROADENED.findIndex(({ share }) => {
    sum += share
    return u < sum
  })
  return part < 0 ? BROADENED.length - 1 : part
}
