import { erf } from 'mathjs/number'
import {
  composed,
  constantRange,
  EVERYTHING,
  either,
  inverted,
  minus,
  type Pair,
  product,
  quotient,
  type Range,
  rangeOf,
  slopesOf,
  sum,
  timesPairs,
  valuesOf,
} from './range.ts'

type Real = (x: number) => number
type UnaryRange = (f: Range) => Range

/** Growing h, with the range of its derivative between two places. */
function growing(h: Real, derivative: (low: number, high: number) => Pair): UnaryRange {
  return (f) => composed(f, [h(f.low), h(f.high)], derivative(f.low, f.high))
}

/** The range of an even function that falls on both sides of 0. */
function hill(h: Real): (low: number, high: number) => Pair {
  return (low, high) => {
    const nearest = low > 0 ? low : high < 0 ? -high : 0
    return [h(Math.max(Math.abs(low), Math.abs(high))), h(nearest)]
  }
}

/** The range of an even function that rises on both sides of 0. */
function valley(h: Real): (low: number, high: number) => Pair {
  return (low, high) => {
    const [most, least] = hill(h)(low, high)
    return [least, most]
  }
}

/** Growing h on [from, to] only. */
function within(
  from: number,
  to: number,
  h: Real,
  derivative: (low: number, high: number) => Pair,
): UnaryRange {
  return (f) => {
    const [low, high] = [Math.max(f.low, from), Math.min(f.high, to)]
    if (low > high) return rangeOf(EVERYTHING, EVERYTHING, false)
    return composed(f, [h(low), h(high)], derivative(low, high), f.low >= from && f.high <= to)
  }
}

/** Constant between jumps: `h` there, and the place of the next one above a value. */
function steps(h: Real, jump: (low: number) => number): UnaryRange {
  return (f) => {
    const inside = f.high <= jump(f.low)
    const value = h(inside ? (f.low + f.high) / 2 : f.low)
    return rangeOf([value, inside ? value : h(f.high)], [0, 0], f.smooth && inside)
  }
}

const overValue = (low: number, high: number): Pair => inverted([low, high])

/** cos on [low, high]. */
function cosine(low: number, high: number): Pair {
  if (!(high - low < 2 * Math.PI) || Math.abs(low) + Math.abs(high) > 1e15) return [-1, 1]
  const turn = (place: number) => Math.ceil((low - place) / (2 * Math.PI)) * 2 * Math.PI + place <= high
  const ends = [Math.cos(low), Math.cos(high)]
  return [turn(Math.PI) ? -1 : Math.min(...ends), turn(0) ? 1 : Math.max(...ends)]
}

const sine = (low: number, high: number): Pair => cosine(low - Math.PI / 2, high - Math.PI / 2)

function tangent(f: Range): Range {
  const pole = Math.ceil(f.low / Math.PI - 0.5) * Math.PI + Math.PI / 2
  if (!(pole > f.high)) return rangeOf(EVERYTHING, EVERYTHING, false)
  const [low, high] = [Math.tan(f.low), Math.tan(f.high)]
  const least = f.low <= 0 && f.high >= 0 ? 0 : Math.min(Math.abs(low), Math.abs(high))
  return composed(f, [low, high], [1 + least ** 2, 1 + Math.max(Math.abs(low), Math.abs(high)) ** 2])
}

function absolute(f: Range): Range {
  if (f.low >= 0) return f
  return f.high <= 0 ? minus(f) : rangeOf([0, Math.max(-f.low, f.high)], absoluteSlopes(f), false)
}

function absoluteSlopes({ falling, rising }: Range): Pair {
  const most = Math.max(Math.abs(falling), Math.abs(rising))
  return [-most, most]
}

/** f^n for a whole n ≥ 0, of values alone. */
function wholePower([low, high]: Pair, n: number): Pair {
  if (n === 0) return [1, 1]
  const [a, b] = [low ** n, high ** n]
  if (n % 2 === 1) return [a, b]
  return [low <= 0 && high >= 0 ? 0 : Math.min(a, b), Math.max(a, b)]
}

/** f^p. */
function constantPower(f: Range, p: number): Range {
  if (Number.isInteger(p)) {
    if (p < 0) return quotient(constantRange(1), constantPower(f, -p))
    const slope = p === 0 ? ([0, 0] as const) : timesPairs([p, p], wholePower(valuesOf(f), p - 1))
    return composed(f, wholePower(valuesOf(f), p), slope)
  }
  const [low, high] = [Math.max(f.low, 0), f.high]
  if (high < 0) return rangeOf(EVERYTHING, EVERYTHING, false)
  const ends = (q: number): Pair => [Math.min(low ** q, high ** q), Math.max(low ** q, high ** q)]
  return composed(f, ends(p), timesPairs([p, p], ends(p - 1)), f.low >= 0)
}

/** f^g. */
export function power(f: Range, g: Range): Range {
  if (g.low === g.high) return constantPower(f, g.low)
  if (f.low < 0) return rangeOf(EVERYTHING, EVERYTHING, false)
  return unaryRanges.exp(product(g, unaryRanges.log(f)))
}

/** max of two. */
function larger(f: Range, g: Range): Range {
  if (f.low >= g.high) return f
  if (g.low >= f.high) return g
  return { ...either(f, g), low: Math.max(f.low, g.low), high: Math.max(f.high, g.high) }
}

/** atan2(y, x). */
function angle(y: Range, x: Range): Range {
  if (x.low > 0) return unaryRanges.atan(quotient(y, x))
  const square = sum(unaryRanges.square(x), unaryRanges.square(y))
  const turn = sum(
    product(rangeOf(slopesOf(y), [0, 0], true), x),
    minus(product(y, rangeOf(slopesOf(x), [0, 0], true))),
  )
  const smooth = x.smooth && y.smooth && (y.low > 0 || y.high < 0)
  return rangeOf([-Math.PI, Math.PI], valuesOf(quotient(turn, square)), smooth)
}

/** Functions of one argument. */
export const unaryRanges: Readonly<Record<string, UnaryRange>> = {
  abs: absolute,
  acos: (f) => sum(constantRange(Math.PI / 2), minus(unaryRanges.asin(f))),
  acosh: within(1, Infinity, Math.acosh, (low, high) => [
    1 / Math.sqrt(high * high - 1),
    1 / Math.sqrt(low * low - 1),
  ]),
  asin: within(-1, 1, Math.asin, (low, high) => {
    const [least, most] = hill((x) => 1 - x * x)(low, high)
    return [1 / Math.sqrt(most), 1 / Math.sqrt(least)]
  }),
  asinh: growing(
    Math.asinh,
    hill((x) => 1 / Math.hypot(1, x)),
  ),
  atan: growing(
    Math.atan,
    hill((x) => 1 / (1 + x * x)),
  ),
  atanh: within(-1, 1, Math.atanh, (low, high) => {
    const [least, most] = hill((x) => 1 - x * x)(low, high)
    return [1 / most, 1 / least]
  }),
  cbrt: (f) => {
    const steep = hill((x) => 1 / (3 * Math.cbrt(x * x)))(f.low, f.high)
    return composed(f, [Math.cbrt(f.low), Math.cbrt(f.high)], steep, !(f.low < 0 && f.high > 0))
  },
  ceil: steps(Math.ceil, (low) => (Number.isInteger(low) ? low + 1 : Math.ceil(low))),
  cos: (f) => composed(f, cosine(f.low, f.high), sine(f.low + Math.PI, f.high + Math.PI)),
  cosh: (f) => composed(f, valley(Math.cosh)(f.low, f.high), [Math.sinh(f.low), Math.sinh(f.high)]),
  cube: (f) => constantPower(f, 3),
  erf: growing(
    erf,
    hill((x) => (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x)),
  ),
  exp: growing(Math.exp, (low, high) => [Math.exp(low), Math.exp(high)]),
  expm1: growing(Math.expm1, (low, high) => [Math.exp(low), Math.exp(high)]),
  floor: steps(Math.floor, (low) => Math.floor(low) + 1),
  log: within(0, Infinity, Math.log, overValue),
  log10: (f) => product(constantRange(Math.LOG10E), unaryRanges.log(f)),
  log1p: (f) => unaryRanges.log(sum(constantRange(1), f)),
  log2: (f) => product(constantRange(Math.LOG2E), unaryRanges.log(f)),
  round: steps(Math.round, (low) => Math.floor(low + 0.5) + 0.5),
  sign: steps(Math.sign, (low) => (low < 0 ? 0 : Infinity)),
  sin: (f) => composed(f, sine(f.low, f.high), cosine(f.low, f.high)),
  sinh: growing(Math.sinh, valley(Math.cosh)),
  sqrt: within(0, Infinity, Math.sqrt, (low, high) => [0.5 / Math.sqrt(high), 0.5 / Math.sqrt(low)]),
  square: (f) => constantPower(f, 2),
  tan: tangent,
  tanh: growing(
    Math.tanh,
    hill((x) => 1 / Math.cosh(x) ** 2),
  ),
}

/** Functions of two arguments or more. */
export const binaryRanges: Readonly<Record<string, (f: Range, g: Range) => Range>> = {
  atan2: angle,
  hypot: (f, g) => unaryRanges.sqrt(sum(unaryRanges.square(f), unaryRanges.square(g))),
  log: (f, base) => quotient(unaryRanges.log(f), unaryRanges.log(base)),
  max: larger,
  min: (f, g) => minus(larger(minus(f), minus(g))),
  mod: (f, g) => sum(f, minus(product(g, unaryRanges.floor(quotient(f, g))))),
  pow: power,
  round: (f, digits) => {
    const scale = constantRange(10 ** digits.low)
    return quotient(unaryRanges.round(product(f, scale)), scale)
  },
}
