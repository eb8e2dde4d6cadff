import { InputError } from '../../errors.ts'
import { type TimeFormula, timeFormula } from '../../expression/time-formula.ts'
import { LAST_TIME, type Process } from '../process.ts'
import type { InterpolantSpec } from '../specification.ts'
import { interpolation } from './interpolation.ts'

const ALPHA = 'problem.process.alpha'
const SIGMA = 'problem.process.sigma'
// rounding of a formula that is to be 0 or 1
const ROUNDING = 1e-12
// equal parts of the interval in which σ/α is compared, and closer and closer ones towards both ends
const PARTS = 4096
const CLOSER = 40
// halvings of an interval in which the rate of σ/α has its least value
const SEARCH = 50
// of one-sided differences where a derivative in closed form has no value
const STEP = 1e-4

/**
 * X_t = α(t) X₀ + σ(t) Z with formulas in t, on [0, maximumTime] (a stochastic interpolant between data and noise, Albergo &
 * Vanden-Eijnden 2209.15571 and 2303.08797): α(0) = 1, σ(0) = 0, σ/α increasing, α > 0 before the end and at least 0 there.
 *
 * @throws InputError for formulas that cannot be read or differentiated, or that are no such pair, with a time at which they are not
 */
export function interpolant({ alpha: ofData, sigma: ofNoise, maximumTime }: InterpolantSpec): Process {
  const data = timeFormula(ofData, ALPHA)
  const noise = timeFormula(ofNoise, SIGMA)
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

/** The derivative as its formula has it, or by a one-sided difference where that is no number, as of √t at 0. */
function rate(value: (t: number) => number, exact: number, t: number, end: number): number {
  if (Number.isFinite(exact)) return exact
  const h = (t < end / 2 ? STEP : -STEP) * end
  return (4 * value(t + h) - 3 * value(t) - value(t + 2 * h)) / (2 * h)
}

function checkEnds(data: TimeFormula, noise: TimeFormula, end: number): void {
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

/** Compares σ/α in many places, and looks closer where it grows least. */
function checkIncreasing(data: TimeFormula, noise: TimeFormula, end: number): void {
  const ratio = (t: number) => {
    const alpha = data.value(t)
    const sigma = noise.value(t)
    if (!(alpha > 0 && Number.isFinite(alpha)) && t < end)
      throw new InputError(`${ALPHA} at t = ${t}`, alpha, 'a number above 0 before the end')
    if (!(sigma >= 0 && Number.isFinite(sigma)))
      throw new InputError(`${SIGMA} at t = ${t}`, sigma, 'a number, at least 0')
    return alpha > 0 ? Math.min(sigma / alpha, LAST_TIME) : LAST_TIME
  }
  /** The sign of the derivative of σ/α; 1 where it is no number, as at ends. */
  const growth = (t: number) => {
    const value = noise.rate(t) * data.value(t) - noise.value(t) * data.rate(t)
    return Number.isNaN(value) ? 1 : value
  }
  const refuse = (t: number): never => {
    throw new InputError(
      `sigma/alpha of problem.process at t = ${t}`,
      ratio(t),
      'a ratio that grows from every time to the next',
    )
  }
  const times = Float64Array.from({ length: PARTS + 1 }, (_, k) => (end * k) / PARTS)
  const small = Float64Array.from({ length: CLOSER }, (_, k) => (end / PARTS) * 2 ** (k - CLOSER))
  const places = [0, ...small, ...times.subarray(1, PARTS), ...small.map((t) => end - t).reverse(), end]
  const values = places.map(ratio)
  const rates = places.map(growth)
  for (let k = 1; k < places.length; k++) {
    // equal values next to an end are rounding
    const inside = k > CLOSER && k < places.length - CLOSER
    if (!(inside ? values[k] > values[k - 1] : values[k] >= values[k - 1])) refuse(places[k])
    // lower than before by more than rounding, and followed by no less
    const lowest = rates[k] < rates[k - 1] - ROUNDING * Math.abs(rates[k - 1]) && rates[k] <= rates[k + 1]
    if (!lowest || !inside) continue
    const least = leastPlace(growth, places[k - 1], places[k + 1])
    if (growth(least) < -ROUNDING * Math.abs(rates[k - 1])) refuse(least)
  }
}

/** Where g is least between two places, by thirds. */
function leastPlace(g: (t: number) => number, low: number, high: number): number {
  for (let i = 0; i < SEARCH; i++) {
    const [left, right] = [low + (high - low) / 3, high - (high - low) / 3]
    if (g(left) < g(right)) high = right
    else low = left
  }
  return (low + high) / 2
}
