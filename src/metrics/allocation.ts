import type { Strata } from '../problem/density.ts'

// what rare parts may take of a sample together
const BUDGET = 0.1
// no part is drawn more often than its mass once it has this share: 330 of 16,384 points
const ENOUGH = 0.02
// parts that would be drawn at most this much more often are not rare
const SAME = 1.1

/**
 * The share of a sample that each part of p_data gets, and last, where parts overlap, p_data as a whole (docs/mathematics.md §5.6).
 * A part of mass π has at least λ = max(0.1/K, 0.02), for K parts, or as much as a tenth of the sample allows, which is never
 * below 0.1/K; p_data keeps nine tenths, so that p_data is at most 1/0.9 times what is drawn from.
 *
 * @returns null where no part is rare: shares are the masses
 */
export function allocate({ masses, whole }: Strata): Float64Array | null {
  const level = raisedTo(masses)
  const extra = masses.map((mass) => (mass > 0 ? Math.max(0, level - (1 - BUDGET) * mass) : 0))
  const given = extra.reduce((sum, value) => sum + value, 0)
  const shares = extra.map((value, k) => value + (1 - given) * masses[k])
  if (shares.every((share, k) => share <= SAME * masses[k])) return null
  return whole ? shares : Float64Array.of(...extra, 1 - given)
}

/** λ: the level to which the budget raises the rarest parts, when all have (1 − BUDGET) of their masses. */
function raisedTo(masses: Float64Array): number {
  const kept = masses
    .filter((mass) => mass > 0)
    .sort()
    .map((mass) => (1 - BUDGET) * mass)
  const enough = Math.max(BUDGET / kept.length, ENOUGH)
  let sum = 0
  for (let k = 0; k < kept.length && kept[k] < enough; k++) {
    sum += kept[k]
    const level = (BUDGET + sum) / (k + 1)
    const next = Math.min(enough, kept[k + 1] ?? Infinity)
    // the k + 1 rarest parts fill up before the next one is reached
    if (level <= next) return level
  }
  return enough
}
