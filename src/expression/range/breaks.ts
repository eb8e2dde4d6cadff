import type { MathNode } from 'mathjs/number'
import { closureOf } from '../closure.ts'
import { compileRange, type RangeFormula } from './compile-range.ts'

/** A formula in t alone: its values, and what it does between two times. */
export interface TimeFormula {
  at(t: number): number
  readonly range: RangeFormula
}

/** What samples of formulas on an interval can be trusted with. */
export interface Inspection {
  /** The end of the part, from the start of the interval, without jumps and kinks. */
  readonly smoothUntil: number
  /** Whether nothing in that part is steeper than the samples show, or it is too little to count. */
  readonly resolved: boolean
}

const PARTS = 16
// slopes that cannot be excluded, in terms of those that are seen
const STEEPER = 3
// what may hide between samples, as part of the integral of the size
const HIDDEN = 4e-7
// part of the whole below which a resolved piece is one to be stepped into
const SHORT = 1 / 8
// a change between two samples as part of the range of all of them
const SUDDEN = 0.3
// of the largest value of a formula: changes that no solver needs to see
const FAINT = 1e-12
const MOST_PIECES = 5000
const ROUNDING = 4 * Number.EPSILON
const SMALLEST = 1e-12

/** The formula of a node in t that `compileNode` has checked. */
export function timeFormula(node: MathNode, parameter: string): TimeFormula {
  const values = new Float64Array(1)
  const formula = closureOf(node, ['t'], parameter)
  return {
    at(t) {
      values[0] = t
      return formula(values)
    },
    range: compileRange(node),
  }
}

/**
 * Whether samples on [from, to] show what formulas in t do there. The ranges of their values and slopes on parts of the interval hold
 * every pulse, however narrow; a slope that is steeper than any between samples is something that was not seen. Nor is a change seen
 * that is over between two samples.
 *
 * @param negligible changes of each formula that do not count
 */
export function inspect(
  formulas: readonly TimeFormula[],
  from: number,
  to: number,
  negligible?: readonly number[],
): Inspection {
  let resolved = true
  let smoothUntil = to
  for (const [i, { at, range }] of formulas.entries()) {
    const all = range(from, to)
    if (all.smooth && all.low === all.high) continue
    const h = (to - from) / PARTS
    let [size, seen, hidden] = [0, 0, 0]
    let last = at(from)
    let [least, most] = [last, last]
    for (let k = 0; k < PARTS; k++) {
      const start = from + k * h
      const end = k === PARTS - 1 ? to : start + h
      if (start >= smoothUntil) break
      const known = range(start, end)
      // a jump may also be where two parts meet
      const over = all.smooth ? end : Math.min(to, end * (1 + ROUNDING))
      if (!known.smooth || (over > end && !range(start, over).smooth)) {
        smoothUntil = Math.min(smoothUntil, lastSmooth(range, start, over))
        break
      }
      const [middle, value] = [at((start + end) / 2), at(end)]
      least = Math.min(least, middle, value)
      most = Math.max(most, middle, value)
      seen = Math.max(seen, 2 * Math.abs(middle - last), 2 * Math.abs(value - middle))
      size += (Math.abs(last) + 2 * Math.abs(middle) + Math.abs(value)) / 4
      last = value
      const steepest = Math.max(-known.falling, known.rising) * h
      // at the start of a root the slope has no bound, but the values have
      hidden = Math.max(hidden, steepest < Infinity ? steepest : known.high - known.low)
    }
    // not >: what is not a number is not resolved
    const known = hidden <= STEEPER * seen && seen <= 2 * SUDDEN * (most - least)
    if (!(known || hidden <= Math.max(HIDDEN * size, negligible?.[i] ?? 0))) resolved = false
  }
  return { smoothUntil, resolved }
}

/** The largest time up to which the range from `start` on is smooth, by bisection. */
function lastSmooth(range: RangeFormula, start: number, end: number): number {
  let [low, high] = [start, end]
  for (;;) {
    const middle = low + (high - low) / 2
    if (middle <= low || middle >= high) return low
    if (range(start, middle).smooth) low = middle
    else high = middle
  }
}

/**
 * The times in (from, to), ascending, that a solver with steps of its own should not step over: jumps and kinks of the formulas, and the
 * ends of the pieces into which pulses and the like have to be cut before samples show them.
 *
 * @returns null where there are too many of them to list
 */
export function breakTimes(formulas: readonly TimeFormula[], from: number, to: number): number[] | null {
  const negligible = formulas.map(({ range }) => {
    const { low, high } = range(from, to)
    const largest = Math.max(Math.abs(low), Math.abs(high))
    return largest < Infinity ? FAINT * largest : 0
  })
  const times: number[] = []
  const waiting: [number, number][] = [[from, to]]
  for (let pieces = 0; waiting.length > 0; pieces++) {
    if (pieces > MOST_PIECES) return null
    const [start, end] = waiting.pop() as [number, number]
    const { smoothUntil, resolved } = inspect(formulas, start, end, negligible)
    if (smoothUntil < end) {
      const next =
        smoothUntil + Math.max(8 * Number.EPSILON * Math.abs(smoothUntil), SMALLEST * (to - from) * 1e-3)
      if (next < end) waiting.push([next, end])
      if (smoothUntil > start) waiting.push([start, smoothUntil])
      if (smoothUntil > from) times.push(smoothUntil)
      continue
    }
    const short = end - start <= SMALLEST * (to - from)
    if (resolved || short) {
      if (end - start < SHORT * (to - from)) times.push(start, (start + end) / 2, end)
      continue
    }
    const middle = start + (end - start) / 2
    waiting.push([middle, end], [start, middle])
  }
  return [...new Set(times)].filter((t) => t > from && t < to).sort((a, b) => a - b)
}
