import { safeguardedNewton } from '../numeric/root.ts'

/** The law of one component of a mixture on a line, or of the radius of one shell. */
export interface ComponentLaw {
  /** log P(Y ≤ y) and log P(Y > y), both to relative accuracy however small. A point mass has −∞ and 0 left of it, 0 and −∞ from it on. */
  logTails(y: number): readonly [number, number]
  /** log of the density. */
  logDensity(y: number): number
}

/** A number by its sign and the logarithm of its size, so that it may be as small as you like. */
interface Signed {
  readonly sign: -1 | 0 | 1
  readonly log: number
}

interface LevelQuantile {
  /** Components at time t, in the order of their places, and the point there. */
  readonly from: readonly ComponentLaw[]
  readonly x: number
  /** The same components at the time of the image. */
  readonly to: readonly ComponentLaw[]
  /** log of their weights, finite. */
  readonly logWeights: Float64Array
  /** Places of the components that are point masses in `to`, ascending. */
  readonly atoms: ArrayLike<number>
  /** Where the image is if it is at no atom. */
  readonly bracket: readonly [number, number]
}

/**
 * The y with G(y) = F(x), F and G the mixtures of `from` and `to`, or the least y with G(y) ≥ F(x) where G jumps.
 *
 * Between modes F is a sum of weights to within far less than its rounding, and what places y is by how much it is more or less.
 * So what is compared is F less the weight W_k of the first k components, a difference of positive terms,
 * Σ_{j>k} w_j F_j − Σ_{j≤k} w_j (1 − F_j) (docs/mathematics.md §3), with the k for which these are smallest at x. k = 0 is the
 * distribution function itself, all the survival function.
 */
export function levelQuantile({ from, x, to, logWeights, atoms, bracket }: LevelQuantile): number {
  const level = bestLevel(from, logWeights, x)
  const wanted = above(from, logWeights, level, x)
  const reaches = (y: number) => compare(above(to, logWeights, level, y), wanted) >= 0
  let [low, high] = bracket
  if (atoms.length > 0) {
    // the first atom at which G is large enough
    let [first, last] = [0, atoms.length]
    while (first < last) {
      const half = (first + last) >> 1
      if (reaches(atoms[half])) last = half
      else first = half + 1
    }
    if (first < atoms.length) {
      const below = largestBelow(atoms[first])
      if (!reaches(below) || below < low) return atoms[first]
      high = Math.min(high, below)
    }
    if (first > 0) low = Math.max(low, atoms[first - 1])
  }
  if (!(low < high)) return (low + high) / 2
  let found: Signed = wanted
  return safeguardedNewton(
    (y) => {
      found = above(to, logWeights, level, y)
      return compare(found, wanted)
    },
    (y) => newtonStep(to, logWeights, y, found, wanted),
    [low, high],
    (low + high) / 2,
  )
}

/** How many components count as being below x: with the least that is on the wrong side. */
function bestLevel(laws: readonly ComponentLaw[], logWeights: Float64Array, x: number): number {
  const count = laws.length
  const tails = laws.map((law) => law.logTails(x))
  // log of what the components from k on have below x
  const below = new Float64Array(count + 1).fill(-Infinity)
  for (let k = count - 1; k >= 0; k--) below[k] = addLogs(below[k + 1], logWeights[k] + tails[k][0])
  let [best, least, over] = [0, below[0], -Infinity]
  for (let k = 1; k <= count; k++) {
    over = addLogs(over, logWeights[k - 1] + tails[k - 1][1])
    const wrong = addLogs(over, below[k])
    if (wrong >= least) continue
    best = k
    least = wrong
  }
  return best
}

/** F(y) less the weight of the first `level` components. */
function above(laws: readonly ComponentLaw[], logWeights: Float64Array, level: number, y: number): Signed {
  let [plus, minus] = [-Infinity, -Infinity]
  laws.forEach((law, k) => {
    if (k < level) minus = addLogs(minus, logWeights[k] + law.logTails(y)[1])
    else plus = addLogs(plus, logWeights[k] + law.logTails(y)[0])
  })
  if (plus === minus) return { sign: 0, log: -Infinity }
  const largest = Math.max(plus, minus)
  return { sign: plus > minus ? 1 : -1, log: largest + Math.log(-Math.expm1(-Math.abs(plus - minus))) }
}

function compare(a: Signed, b: Signed): number {
  if (a.sign !== b.sign) return a.sign - b.sign
  return a.sign === 0 || a.log === b.log ? 0 : a.sign * (a.log - b.log)
}

/** From y by Newton on the logarithm where both have one sign, on the values otherwise. */
function newtonStep(
  laws: readonly ComponentLaw[],
  logWeights: Float64Array,
  y: number,
  found: Signed,
  wanted: Signed,
): number {
  let log = -Infinity
  laws.forEach((law, k) => {
    log = addLogs(log, logWeights[k] + law.logDensity(y))
  })
  if (found.sign === wanted.sign) return y - found.sign * (found.log - wanted.log) * Math.exp(found.log - log)
  return y - found.sign * Math.exp(found.log - log) + wanted.sign * Math.exp(wanted.log - log)
}

function largestBelow(x: number): number {
  const next = x - Math.abs(x) * Number.EPSILON
  return next < x ? next : x - Number.MIN_VALUE
}

/** log(e^a + e^b). */
export function addLogs(a: number, b: number): number {
  const largest = Math.max(a, b)
  if (!Number.isFinite(largest)) return largest
  return largest + Math.log1p(Math.exp(Math.min(a, b) - largest))
}
