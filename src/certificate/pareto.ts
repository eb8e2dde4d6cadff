import { InputError } from '../errors.ts'

/**
 * The shape of the tail above which a mean of n values says little: min(1 − 1/log₁₀ n, 0.7), which is 0.7 from 2155 values on
 * (Vehtari et al. 2024, arXiv:1507.02646).
 */
function largestShape(n: number): number {
  return Math.min(1 - 1 / Math.log10(n), 0.7)
}

// fewer values have no tail to speak of
const FEWEST = 5
/** A stratum with at least this share of the sum, and enough values for a tail, has a tail of its own. */
const NOTABLE = 0.05
// weight of the prior k = ½, in values of the tail (Vehtari et al. 2024)
const PRIOR = 10

/**
 * The Pareto k̂ of positive values: the shape of a generalised Pareto law fitted to the largest min(n/5, 3√n) of them, as in
 * Pareto-smoothed importance sampling (Vehtari et al. 2024, arXiv:1507.02646). k < ½: a mean of such values has a finite
 * variance; k ≥ 1: the mean itself is infinite. Above 0.7 a sample mean is far off, however small its own standard error looks.
 *
 * @param values n values, at least 0
 * @returns k̂; −Infinity where the tail is constant, +Infinity where fewer than 25 values make no tail, or one is infinite
 */
export function paretoShape(values: Float64Array): number {
  const n = values.length
  const negative = values.findIndex((value) => value < 0)
  if (negative >= 0)
    throw new InputError(`values[${negative}]`, values[negative], 'numbers that are at least 0')
  const size = Math.min(Math.floor(n / 5), Math.ceil(3 * Math.sqrt(n)))
  if (size < FEWEST) return Infinity
  const sorted = values.slice().sort()
  if (!Number.isFinite(sorted[n - 1])) return Infinity
  const threshold = sorted[n - size - 1]
  const tail = sorted.subarray(n - size).map((value) => value - threshold)
  if (tail[size - 1] === 0) return -Infinity
  const k = fittedShape(tail)
  return (k * size + PRIOR / 2) / (size + PRIOR)
}

/** A Pareto k̂ and the largest that is trusted of so many values. */
interface Shape {
  readonly shape: number
  readonly largest: number
}

/**
 * The Pareto k̂ of a stratified sample: that of all values where it is trusted. Else the tail may be a rare stratum that holds most of the sum, and how many
 * values that has was not left to chance: strata of many values that matter are looked at one by one, all others together, and the one whose k̂ is the most
 * above what is trusted counts.
 *
 * @param values n values, at least 0
 * @param labels n numbers of strata; of independent draws none
 */
export function stratifiedShape(values: Float64Array, labels?: Int32Array): Shape {
  const whole = { shape: paretoShape(values), largest: largestShape(values.length) }
  if (!labels || whole.shape <= whole.largest) return whole
  const all = values.reduce((sum, value) => sum + value, 0)
  const strata = new Map<number, number[]>()
  for (const [i, value] of values.entries()) {
    const own = strata.get(labels[i])
    if (own) own.push(value)
    else strata.set(labels[i], [value])
  }
  const notable = (part: readonly number[]) => part.reduce((sum, value) => sum + value, 0) > NOTABLE * all
  const parts = [...strata.values()]
  const alone = parts.filter((part) => Math.floor(part.length / 5) >= FEWEST && notable(part))
  const rest = parts.filter((part) => !alone.includes(part)).flat()
  const shapes = (notable(rest) ? [...alone, rest] : alone).map((part) => ({
    shape: paretoShape(Float64Array.from(part)),
    largest: largestShape(part.length),
  }))
  if (shapes.length === 0) return whole
  return shapes.reduce((worst, next) =>
    next.shape - next.largest > worst.shape - worst.largest ? next : worst,
  )
}

/**
 * The shape of a generalised Pareto law from ascending excesses over its threshold: the likelihood, profiled over the shape, averaged
 * over a grid of θ = −k/σ with its own quasi-prior (Zhang and Stephens 2009, doi:10.1198/tech.2009.08017).
 */
function fittedShape(excesses: Float64Array): number {
  const n = excesses.length
  const points = 30 + Math.floor(Math.sqrt(n))
  const quartile = excesses[Math.max(0, Math.floor(n / 4 + 0.5) - 1)] || excesses[n - 1] / n
  const grid = Float64Array.from(
    { length: points },
    (_, j) => 1 / excesses[n - 1] + (1 - Math.sqrt(points / (j + 0.5))) / (3 * quartile),
  )
  // the limit of −k/θ at θ = 0
  const mean = excesses.reduce((sum, x) => sum + x, 0) / n
  const logs = grid.map((theta) => {
    const k = shapeAt(theta, excesses)
    return n * (Math.log(theta === 0 ? 1 / mean : -theta / k) - k - 1)
  })
  const largest = logs.reduce((a, b) => Math.max(a, b), -Infinity)
  let [sum, total] = [0, 0]
  for (let j = 0; j < points; j++) {
    const weight = Math.exp(logs[j] - largest)
    sum += weight * grid[j]
    total += weight
  }
  return shapeAt(sum / total, excesses)
}

/** The most likely k for a given θ = −k/σ: the mean of log(1 − θ x). */
function shapeAt(theta: number, excesses: Float64Array): number {
  let sum = 0
  for (const x of excesses) sum += Math.log1p(-theta * x)
  return sum / excesses.length
}
