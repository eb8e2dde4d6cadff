import { checkNumber, InputError } from '../../errors.ts'
import type { InterpolantFunctions } from '../../specification/problem.ts'
import { LAST_TIME, type Process } from '../process.ts'
import { checkEnds, ROUNDING } from './interpolant.ts'
import { interpolation } from './interpolation.ts'

const ALPHA = 'problem.process.alpha'
const SIGMA = 'problem.process.sigma'
// of differences, as a part of the interval: with 7 nodes their error is 1e-12 of functions that change in a twentieth of it
const STEP = 2e-3
const NODES = [-3, -2, -1, 0, 1, 2, 3]
// times at which σ/α is looked at
const LOOKS = 2048
const NEAREST = 2 ** -40

/**
 * X_t = α(t) X₀ + σ(t) Z of two functions (docs/mathematics.md §1.4). Their derivatives are differences of order 6. That σ/α grows is checked at
 * 2048 even times and towards both ends.
 *
 * @throws InputError for functions that are no such pair at one of these times
 */
export function interpolantFunctions(spec: InterpolantFunctions): Process {
  const end = checkNumber('problem.process.maximumTime', spec.maximumTime ?? 1, 0, Infinity, true)
  const [data, noise] = [numeric(spec.alpha, ALPHA), numeric(spec.sigma, SIGMA)]
  checkEnds({ value: data }, { value: noise }, end)
  checkGrows(data, noise, end)
  const last = data(end)
  // the rounding of an α that is 0 at the end is no data
  const alpha = (t: number) => (t === 0 ? 1 : t === end && Math.abs(last) <= ROUNDING ? 0 : data(t))
  const sigma = (t: number) => (t === 0 ? 0 : noise(t))
  return interpolation({
    kind: 'interpolant',
    maximumTime: end,
    alpha,
    sigma,
    rates: {
      alpha: (t) => rate(alpha, t, end),
      variance: (t) => rate((u) => sigma(u) ** 2, t, end),
    },
  })
}

function numeric(given: (t: number) => number, name: string): (t: number) => number {
  if (typeof given !== 'function') throw new InputError(name, given, 'a function of t, as the other one is')
  return (t) => {
    const value: unknown = given(t)
    if (typeof value === 'number' && Number.isFinite(value)) return value
    throw new InputError(`${name} at t = ${t}`, value, 'a finite number')
  }
}

function checkGrows(alpha: (t: number) => number, sigma: (t: number) => number, end: number): void {
  const times = Array.from({ length: LOOKS - 1 }, (_, k) => ((k + 1) / LOOKS) * end)
  for (let share = 1 / (2 * LOOKS); share > NEAREST; share /= 2) times.push(share * end, (1 - share) * end)
  times.push(end)
  let before = 0
  for (const t of times.sort((a, b) => a - b)) {
    const [a, s] = [alpha(t), sigma(t)]
    if (t < end && !(a > 0))
      throw new InputError(`${ALPHA} at t = ${t}`, a, 'a number above 0 before the end')
    const ratio = a > ROUNDING || t < end ? Math.min(s / a, LAST_TIME) : LAST_TIME
    // next to the ends what grows may be lost in rounding
    const level = t < end / LOOKS || t > end * (1 - 1 / LOOKS)
    if (!(level ? ratio >= before * (1 - ROUNDING) : ratio > before))
      throw new InputError(
        `sigma/alpha of problem.process at t = ${t}`,
        ratio,
        `more than ${before}, as before: it is to grow`,
      )
    before = ratio
  }
}

/** The derivative of the polynomial through 7 nodes about t, or as near to it as the interval lets them be. */
function rate(value: (t: number) => number, t: number, end: number): number {
  const h = STEP * end
  const centre = Math.min(Math.max(t, 3 * h), end - 3 * h)
  const s = (t - centre) / h
  let sum = 0
  for (const j of NODES) {
    let weight = 0
    for (const m of NODES) {
      if (m === j) continue
      let product = 1 / (j - m)
      for (const k of NODES) if (k !== j && k !== m) product *= (s - k) / (j - k)
      weight += product
    }
    sum += weight * value(Math.min(end, Math.max(0, centre + j * h)))
  }
  return sum / h
}
