import type { Density, Strata } from '../problem/density.ts'
import type { Random } from '../random/random.ts'
import { shuffle, systematic } from '../random/systematic.ts'
import { allocate } from './allocation.ts'

/** Rows from the parts of p_data, in a random order. */
export interface Parts {
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
