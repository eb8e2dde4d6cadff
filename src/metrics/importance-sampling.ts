import { ComputationError, checkInteger } from '../errors.ts'
import type { Density, Strata } from '../problem/density.ts'
import { type Random, shuffle, systematic } from '../random/random.ts'

// what rare parts may take of a sample together, and what parts far out may take beside it
const RARE = 0.1
const FAR = 0.05
const KEPT = 1 - RARE - FAR
// no part is raised further for being rare: 330 of 16,384 points
const ENOUGH = 0.02
// a part lies far out when it holds this many times more of the squared distance from the mean than of the mass
const OUTLYING = 10
// parts that would be drawn at most this much more often are left alone
const SAME = 1.1

/**
 * The share of a sample that each part of p_data gets, and last, where parts overlap, p_data as a whole (docs/mathematics.md §5.6).
 * A part has at least λ = max(0.1/K, 0.02), for K parts, or as much as a tenth of the sample allows, which is never below 0.1/K. One
 * that lies far out has at least 0.05 times the share of E|X₀ − EX₀|² that it holds. The masses keep 0.85 or more.
 *
 * @returns null where no part is raised by more than a tenth: shares are the masses
 */
export function allocate({ masses, spreads, whole }: Strata): Float64Array | null {
  const level = raisedTo(masses)
  const extra = masses.map((mass, k) => {
    const far = spreads[k] > OUTLYING * mass ? FAR * spreads[k] : 0
    return mass > 0 ? Math.max(0, Math.max(level, far) - KEPT * mass) : 0
  })
  const given = extra.reduce((sum, value) => sum + value, 0)
  const shares = extra.map((value, k) => value + (1 - given) * masses[k])
  if (shares.every((share, k) => share <= SAME * masses[k])) return null
  return whole ? shares : Float64Array.of(...extra, 1 - given)
}

/** λ: the level to which a tenth of the sample raises the rarest parts, when all have KEPT of their masses. */
function raisedTo(masses: Float64Array): number {
  const kept = masses
    .filter((mass) => mass > 0)
    .sort()
    .map((mass) => KEPT * mass)
  const enough = Math.max(RARE / kept.length, ENOUGH)
  let sum = 0
  for (let k = 0; k < kept.length && kept[k] < enough; k++) {
    sum += kept[k]
    const level = (RARE + sum) / (k + 1)
    const next = Math.min(enough, kept[k + 1] ?? Infinity)
    // the k + 1 rarest parts fill up before the next one is reached
    if (level <= next) return level
  }
  return enough
}

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

/** Rows from the parts of p_data, in a random order. */
interface Parts {
  /** n·d values. */
  readonly x0: Float64Array
  /** n·share/(times drawn) of the part that a row is from: what rounding to whole rows took or gave. */
  readonly factors: Float64Array
  /** The place of each row when the parts are in order, one after another. */
  readonly order: Int32Array
  /** The part of each row. */
  readonly labels: Int32Array
}

/**
 * Rows of a density that can be sampled, each part drawn systematically.
 *
 * @param shares those of `allocate`; null for the masses
 */
export function drawParts(
  density: Density,
  shares: Float64Array | null,
  count: number,
  random: Random,
): Parts {
  const { strata, sample } = density
  const own = shares ?? sharesOf(strata)
  const sorted = systematic(own, count, random)
  const order = shuffle(
    Int32Array.from({ length: count }, (_, i) => i),
    random,
  )
  const labels = order.map((i) => sorted[i])
  const times = new Float64Array(own.length)
  for (const label of labels) times[label]++
  const factors = Float64Array.from(labels, (label) => {
    const expected = count * own[label]
    return expected >= 1 ? expected / times[label] : 1
  })
  const x0 = strata ? strata.draw(labels, random) : (sample as NonNullable<Density['sample']>)(count, random)
  return { x0, factors, order, labels }
}

/** The masses; of parts that overlap, p_data as a whole alone; of nothing known, one part. */
function sharesOf(strata: Strata | undefined): Float64Array {
  if (!strata) return Float64Array.of(1)
  return strata.whole ? strata.masses : Float64Array.of(...new Float64Array(strata.masses.length), 1)
}

/**
 * X_t = X₀ + t Z with X₀ from p̃, p_data with its rare parts raised (docs/mathematics.md §5.6), and the weights p_t/p̃_t: at most 1/0.85,
 * times what rounding gave. Where nothing is rare, or nothing known, a draw from p_t with weights near 1.
 *
 * @param density one that can be sampled
 * @returns X₀ and x = X_t, n·d values each, n weights and the part of each row
 */
export function drawStratified(
  density: Density,
  time: number,
  count: number,
  random: Random,
): { x0: Float64Array; x: Float64Array; weights: Float64Array; labels: Int32Array } {
  const { strata, logDensity } = density
  const shares = strata?.logDensity && logDensity ? allocate(strata) : null
  const { x0, factors: weights, labels } = drawParts(density, shares, count, random)
  const x = time === 0 ? x0 : x0.map((value) => value + time * random.normal())
  if (!shares) return { x0, x, weights, labels }
  const [data, drawn] = [new Float64Array(count), new Float64Array(count)]
  logDensity?.(time, x, data)
  strata?.logDensity?.(shares, time, x, drawn)
  for (let row = 0; row < count; row++) weights[row] *= Math.exp(data[row] - drawn[row])
  return { x0, x, weights, labels }
}
