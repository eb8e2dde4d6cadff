import { InputError } from '../../errors.ts'
import { breakTimes, inspect, type TimeFormula } from '../../expression/range/breaks.ts'
import { gaussLegendre } from '../../numeric/gauss-quadrature.ts'
import { linearMoments } from './linear-moments.ts'

/**
 * Times in (0, end) that no step of a solver should go across: those of the formulas in t (`breakTimes`), and those that are given.
 *
 * @throws InputError (when called) where the formulas have too many jumps and pulses to list
 */
export function stepBreaks(
  formulas: readonly TimeFormula[],
  given: readonly number[] = [],
): (end: number) => readonly number[] {
  let known: { readonly end: number; readonly times: readonly number[] } | null = null
  return (end) => {
    if (known?.end === end) return known.times
    const found = breakTimes(formulas, 0, end)
    if (!found)
      throw new InputError(
        'problem.process',
        `one with more than a thousand jumps or pulses up to t = ${end}`,
        'a drift and a sigma with fewer, or a shorter time',
      )
    const times = [...new Set([...found, ...given.filter((t) => t < end)])].sort((a, b) => a - b)
    known = { end, times }
    return times
  }
}

/**
 * ∫ σ² from one time to a later one, to rounding.
 *
 * @throws InputError (when called) where σ cannot be integrated that far
 */
export function noiseBetween(
  square: TimeFormula,
  breaks: readonly number[] = [],
): (from: number, to: number) => number {
  let ends: readonly number[] = [0]
  return (from, to) => {
    if (ends[ends.length - 1] < to) {
      const zero = () => 0
      const seen = (start: number, end: number) => inspect([square], start, end)
      ends = linearMoments({
        ...{ beta: zero, gamma: zero, square: square.at, inspect: seen },
        ...{ breaks, maximumTime: to },
      }).ends
      if (ends[ends.length - 1] < to)
        throw new InputError(
          'problem.process.sigma',
          `one that cannot be integrated beyond t = ${ends[ends.length - 1]}`,
          'a sigma that is smooth between its jumps up to the time asked for',
        )
    }
    const { nodes, weights } = gaussLegendre(16)
    let sum = 0
    let start = from
    for (const end of [...ends.filter((t) => t > from && t < to), to]) {
      const half = (end - start) / 2
      for (let i = 0; i < nodes.length; i++)
        sum += half * weights[i] * square.at(start + half * (1 + nodes[i]))
      start = end
    }
    return sum
  }
}
