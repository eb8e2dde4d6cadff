/**
 * What a function of t is known to do on an interval of t: all of its values are in [low, high] and all of its slopes in
 * [falling, rising]. Interval arithmetic with the derivative carried along (Moore, Kearfott & Cloud, Introduction to Interval
 * Analysis, 2009, chapters 5 and 9), without outward rounding: for finding what samples step over, not for proofs.
 */
export interface Range {
  readonly low: number
  readonly high: number
  readonly falling: number
  readonly rising: number
  /** False where the function may have a jump, a kink or an end of its domain inside the interval. */
  readonly smooth: boolean
}

export type Pair = readonly [number, number]

export const EVERYTHING: Pair = [-Infinity, Infinity]

export function constantRange(value: number): Range {
  return { low: value, high: value, falling: 0, rising: 0, smooth: true }
}

/** t itself on [from, to]. */
export function identityRange(from: number, to: number): Range {
  return { low: from, high: to, falling: 1, rising: 1, smooth: true }
}

/** A range from the values, the slopes, and the ranges it comes from. */
export function rangeOf([low, high]: Pair, [falling, rising]: Pair, smooth: boolean): Range {
  return {
    low: Number.isNaN(low) ? -Infinity : low,
    high: Number.isNaN(high) ? Infinity : high,
    falling: Number.isNaN(falling) ? -Infinity : falling,
    rising: Number.isNaN(rising) ? Infinity : rising,
    smooth,
  }
}

export const valuesOf = ({ low, high }: Range): Pair => [low, high]
export const slopesOf = ({ falling, rising }: Range): Pair => [falling, rising]

export function addPairs([a, b]: Pair, [c, d]: Pair): Pair {
  return [a + c, b + d]
}

export function negated([a, b]: Pair): Pair {
  return [-b, -a]
}

export function timesPairs([a, b]: Pair, [c, d]: Pair): Pair {
  const products = [times(a, c), times(a, d), times(b, c), times(b, d)]
  return [Math.min(...products), Math.max(...products)]
}

function united([a, b]: Pair, [c, d]: Pair): Pair {
  return [Math.min(a, c), Math.max(b, d)]
}

/** 0 · ∞ is 0: an end that is reached nowhere. */
function times(a: number, b: number): number {
  return a === 0 || b === 0 ? 0 : a * b
}

/** 1/g. */
export function inverted([low, high]: Pair): Pair {
  if (low < 0 && high > 0) return EVERYTHING
  const [below, above] = [high === 0 ? -Infinity : 1 / high, low === 0 ? Infinity : 1 / low]
  return low === 0 && high === 0 ? EVERYTHING : [below, above]
}

export function sum(f: Range, g: Range): Range {
  return rangeOf(addPairs(valuesOf(f), valuesOf(g)), addPairs(slopesOf(f), slopesOf(g)), f.smooth && g.smooth)
}

export function minus(f: Range): Range {
  return rangeOf(negated(valuesOf(f)), negated(slopesOf(f)), f.smooth)
}

export function product(f: Range, g: Range): Range {
  const slopes = addPairs(timesPairs(slopesOf(f), valuesOf(g)), timesPairs(valuesOf(f), slopesOf(g)))
  return rangeOf(timesPairs(valuesOf(f), valuesOf(g)), slopes, f.smooth && g.smooth)
}

export function quotient(f: Range, g: Range): Range {
  const inverse = inverted(valuesOf(g))
  const change = negated(timesPairs(slopesOf(g), timesPairs(inverse, inverse)))
  return product(f, rangeOf(inverse, change, g.smooth && !(g.low < 0 && g.high > 0)))
}

/** One of two functions, it is not known which. */
export function either(f: Range, g: Range): Range {
  return rangeOf(united(valuesOf(f), valuesOf(g)), united(slopesOf(f), slopesOf(g)), false)
}

/** h(f) by the range of h and that of its derivative on the values of f. */
export function composed(f: Range, values: Pair, derivative: Pair, smooth = true): Range {
  return rangeOf(values, timesPairs(derivative, slopesOf(f)), f.smooth && smooth)
}
