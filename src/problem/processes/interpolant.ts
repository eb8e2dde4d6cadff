import { InputError } from '../../errors.ts'
import { compileRange } from '../../expression/range/compile-range.ts'
import { addPairs, negated, slopesOf, timesPairs, valuesOf } from '../../expression/range/range.ts'
import { type WithDerivative, withDerivative } from '../../expression/with-derivative.ts'
import type { InterpolantSpec } from '../../specification/process.ts'
import { LAST_TIME, type Process } from '../process.ts'
import { interpolation } from './interpolation.ts'

const ALPHA = 'problem.process.alpha'
const SIGMA = 'problem.process.sigma'
// rounding of a formula that is to be 0 or 1
export const ROUNDING = 1e-12
// the smallest pieces of the interval, as parts of it, and the most
const PIECE = 1e-9
// parts of it at the ends in which equal values may be rounding
const NEAR = 1e-6
const MOST_PIECES = 50_000
const NOT_KNOWN = 'a ratio that is known to grow from every time to the next'
// of one-sided differences where the derivative is no number
const STEP = 1e-4

/**
 * X_t = α(t) X₀ + σ(t) Z with formulas in t, on [0, maximumTime] (a stochastic interpolant between data and noise, Albergo &
 * Vanden-Eijnden 2209.15571 and 2303.08797): α(0) = 1, σ(0) = 0, σ/α increasing, α > 0 before the end and at least 0 there.
 *
 * @throws InputError for formulas that cannot be read or differentiated, or that are no such pair, with a time at which they are not
 */
export function interpolant({ alpha: ofData, sigma: ofNoise, maximumTime }: InterpolantSpec): Process {
  const data = withDerivative(ofData, ALPHA)
  const noise = withDerivative(ofNoise, SIGMA)
  checkEnds(data, noise, maximumTime)
  checkIncreasing(data, noise, maximumTime)
  const last = data.value(maximumTime)
  return interpolation({
    kind: 'interpolant',
    maximumTime,
    // the rounding of an α that is 0 at the end is no data
    alpha: (t) => (t === 0 ? 1 : t === maximumTime && Math.abs(last) <= ROUNDING ? 0 : data.value(t)),
    sigma: (t) => (t === 0 ? 0 : noise.value(t)),
    rates: {
      alpha: (t) => rate(data.value, data.rate(t), t, maximumTime),
      variance: (t) => rate((u) => noise.value(u) ** 2, 2 * noise.value(t) * noise.rate(t), t, maximumTime),
    },
  })
}

/** The derivative of the formula, or by a one-sided difference where that is no number, as of √t at 0. */
function rate(value: (t: number) => number, exact: number, t: number, end: number): number {
  if (Number.isFinite(exact)) return exact
  const h = (t < end / 2 ? STEP : -STEP) * end
  return (4 * value(t + h) - 3 * value(t) - value(t + 2 * h)) / (2 * h)
}

/** @throws InputError unless α(0) = 1, σ(0) = 0, α(end) ≥ 0 and σ(end) > 0 */
export function checkEnds(
  data: Pick<WithDerivative, 'value'>,
  noise: Pick<WithDerivative, 'value'>,
  end: number,
): void {
  const first = data.value(0)
  if (!(Math.abs(first - 1) <= ROUNDING))
    throw new InputError(`${ALPHA} at t = 0`, first, '1: X₀ is the data')
  const start = noise.value(0)
  if (!(Math.abs(start) <= ROUNDING)) throw new InputError(`${SIGMA} at t = 0`, start, '0: X₀ is the data')
  const last = data.value(end)
  if (!(last >= -ROUNDING && Number.isFinite(last)))
    throw new InputError(
      `${ALPHA} at t = ${end}`,
      last,
      'a number, at least 0; maximumTime is where the process ends',
    )
  const most = noise.value(end)
  if (!(most > 0 && Number.isFinite(most)))
    throw new InputError(`${SIGMA} at t = ${end}`, most, 'a number above 0')
}

/**
 * By interval arithmetic on pieces: where σ′α − σα′ is above 0 on a whole piece σ/α grows in it, and a piece in which that is not known is
 * halved, down to PIECE of the whole, where its ends decide.
 */
function checkIncreasing(data: WithDerivative, noise: WithDerivative, end: number): void {
  const [alphas, sigmas] = [compileRange(data.node), compileRange(noise.node)]
  const ratio = (t: number) => {
    const [alpha, sigma] = [data.value(t), noise.value(t)]
    if (t < end && !(alpha > 0 && Number.isFinite(alpha)))
      throw new InputError(`${ALPHA} at t = ${t}`, alpha, 'a number above 0 before the end')
    if (t > 0 && !(sigma >= 0 && Number.isFinite(sigma)))
      throw new InputError(`${SIGMA} at t = ${t}`, sigma, 'a number, at least 0')
    return alpha > 0 ? Math.min(sigma / alpha, LAST_TIME) : LAST_TIME
  }
  const grows = (from: number, to: number): boolean => {
    const [alpha, sigma] = [alphas(from, to), sigmas(from, to)]
    if (!alpha.smooth || !sigma.smooth) return false
    const rising = timesPairs(slopesOf(sigma), valuesOf(alpha))
    return addPairs(rising, negated(timesPairs(valuesOf(sigma), slopesOf(alpha))))[0] > 0
  }
  const waiting: (readonly [number, number])[] = [[0, end]]
  for (let pieces = 0; waiting.length > 0; pieces++) {
    const [from, to] = waiting.pop() as readonly [number, number]
    const [before, after] = [ratio(from), ratio(to)]
    const level = from <= NEAR * end || to >= (1 - NEAR) * end
    if (pieces > MOST_PIECES || !(level ? after >= before : after > before))
      throw new InputError(`sigma/alpha of problem.process at t = ${to}`, after, NOT_KNOWN)
    if (to - from <= PIECE * end || grows(from, to)) continue
    const middle = from + (to - from) / 2
    waiting.push([middle, to], [from, middle])
  }
}
