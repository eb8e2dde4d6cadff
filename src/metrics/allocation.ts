import type { Strata } from '../problem/density.ts'

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
