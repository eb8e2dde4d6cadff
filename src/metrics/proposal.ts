import { ComputationError } from '../errors.ts'
import type { Density, Strata } from '../problem/density.ts'
import type { Random } from '../random/random.ts'
import { shuffle, systematic } from '../random/systematic.ts'
import { allocate } from './allocation.ts'

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
  /** n weights w = p_data/q: at most 2.5, or 2.8 where rare parts are drawn more often than they come. */
  readonly weights: Float64Array
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
  if (!logDensity || !density.sample || density.atomic)
    throw new ComputationError(
      `Importance sampling needs a density that can be evaluated; ${density.kind} data has none.`,
    )
  const shares = strata ? allocate(strata) : null
  const { x0, factors, parts } = drawParts(density, shares, count, random)
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
  }
  return { x0, weights }
}

interface Drawn {
  readonly x0: Float64Array
  /** n·share/(times drawn) of the part that a row is from: what rounding to whole rows took or gave. */
  readonly factors: Float64Array
  /** Which of BROADENED a row is of. */
  readonly parts: Int32Array
}

function drawParts(density: Density, shares: Float64Array | null, count: number, random: Random): Drawn {
  const { strata } = density
  const own = shares ?? sharesOf(strata)
  const labels = systematic(own, count, random)
  // one after another within a part, so that each of them has every width
  const offset = random.uniform()
  const widths = BROADENED.length
  const cells = shuffle(
    labels.map((label, i) => label * widths + partOf((offset + i * GOLDEN) % 1)),
    random,
  )
  const rowLabels = cells.map((cell) => Math.floor(cell / widths))
  const factors = new Float64Array(count)
  const times = new Float64Array(own.length)
  for (const label of labels) times[label]++
  rowLabels.forEach((label, row) => {
    const expected = count * own[label]
    factors[row] = expected >= 1 ? expected / times[label] : 1
  })
  return {
    x0: strata
      ? strata.draw(rowLabels, random)
      : (density.sample as NonNullable<Density['sample']>)(count, random),
    factors,
    parts: cells.map((cell) => cell % widths),
  }
}

/** The masses; of parts that overlap, p_data as a whole alone; of nothing known, one part. */
function sharesOf(strata: Strata | undefined): Float64Array {
  if (!strata) return Float64Array.of(1)
  return strata.whole ? strata.masses : Float64Array.of(...new Float64Array(strata.masses.length), 1)
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
