import { checkNumber, InputError } from '../errors.ts'

/** How far a map is from the true one. All errors are relative to √(tr Cov(p_data)) = √(E|f − Ef|²). */
export interface ErrorStatistics {
  /** √(E|f̂ − f|² / E|f − Ef|²) */
  readonly relativeError: number
  /** One standard error of relativeError. */
  readonly standardError: number
  /** The same without the 0.1 % of points that contribute most. */
  readonly trimmedError: number
  readonly medianError: number
  /** The 99 % quantile. */
  readonly error99: number
  readonly maximumError: number
  /** (Σw)²/Σw² */
  readonly effectiveSampleSize: number
  /** The share of the squared error held by the 0.1 % of points that contribute most. */
  readonly worstShare: number
}

/**
 * Self-normalised weighted statistics of |f̂ − f| (docs/mathematics.md §5).
 *
 * @param truth n·d values of f
 * @param estimate n·d values of f̂
 * @param weights n weights
 * @param trace E|f − Ef|², above 0
 * @param labels the part of the data that each point was drawn from, in numbers that were fixed; of independent draws none
 * @throws InputError for sizes that do not fit each other, weights that are negative or all 0, or a trace that is not above 0
 */
export function errorStatistics(
  truth: Float64Array,
  estimate: Float64Array,
  weights: Float64Array,
  trace: number,
  labels?: Int32Array,
): ErrorStatistics {
  const n = weights.length
  if (!(n >= 1)) throw new InputError('weights', weights, 'at least one weight')
  const d = truth.length / n
  if (!(Number.isInteger(d) && d >= 1))
    throw new InputError('truth', `${truth.length} values`, `a multiple of ${n}, the number of weights`)
  checkLength('estimate', estimate, truth.length, 'as many as the truth')
  if (labels) checkLength('labels', labels, n, 'as many as the weights')
  checkEach('weights', weights, 0)
  checkNumber('trace', trace, 0, Infinity, true)
  const squares = squaredDistances(estimate, truth, n, trace)
  const total = sum(weights)
  if (!(total > 0)) throw new InputError('the sum of weights', total, 'a number above 0')
  const mean = weightedMean(squares, weights, total)
  const relativeError = Math.sqrt(mean)
  const contributions = squares.map((square, i) => (weights[i] * square) / total).sort()
  const worst = contributions.subarray(n - Math.max(1, Math.floor(n / 1000)))
  const worstSum = sum(worst)
  const sorted = sortedErrors(squares, weights)
  return {
    relativeError,
    standardError:
      relativeError === 0 ? 0 : standardErrorOfMean(squares, weights, mean, labels) / (2 * relativeError),
    trimmedError: Math.sqrt(Math.max(0, sum(contributions.subarray(0, n - worst.length)))),
    medianError: quantile(sorted, 0.5),
    error99: quantile(sorted, 0.99),
    maximumError: Math.sqrt(squares.reduce((a, b) => Math.max(a, b), 0)),
    effectiveSampleSize: effectiveSampleSize(weights),
    worstShare: mean === 0 ? 0 : worstSum / mean,
  }
}

/** |a − b|²/unit of each of n rows; b has n rows, is one row for all, or is left out for 0. */
export function squaredDistances(
  a: ArrayLike<number>,
  b: ArrayLike<number> | undefined,
  n: number,
  unit = 1,
): Float64Array {
  const d = a.length / n
  const one = n > 1 && b?.length === d
  const squares = new Float64Array(n)
  for (let row = 0, at = 0; row < n; row++) {
    let sum = 0
    for (let i = 0; i < d; i++, at++) {
      const difference = b ? a[at] - b[one ? i : at] : a[at]
      sum += (difference * difference) / unit
    }
    squares[row] = sum
  }
  return squares
}

/** (Σw)²/Σw²: how many equally weighted points the weighted ones are worth. */
export function effectiveSampleSize(weights: Float64Array): number {
  let squares = 0
  for (const weight of weights) squares += weight * weight
  return sum(weights) ** 2 / squares
}

/** Σ w v / Σ w */
export function weightedMean(values: Float64Array, weights: Float64Array, total = sum(weights)): number {
  let result = 0
  for (let i = 0; i < values.length; i++) result += weights[i] * values[i]
  return result / total
}

/** The standard error of a self-normalised mean m = Σ w v / Σ w: that of the sum of w (v − m) / Σ w. */
function standardErrorOfMean(
  values: Float64Array,
  weights: Float64Array,
  mean: number,
  labels?: Int32Array,
): number {
  const total = sum(weights)
  return standardErrorOfSum(
    values.map((value, i) => (weights[i] * (value - mean)) / total),
    labels,
  )
}

/** Points that a stratum has to have for its own mean to be subtracted. */
const FEWEST = 10

/**
 * The standard error of a sum of terms whose expected sum is 0: √(Σ z²) of independent draws. Of stratified ones (docs/mathematics.md §5.6)
 * only what terms differ by within their stratum, √(Σ_k n_k/(n_k − 1) Σ (z − z̄_k)²); strata of few draws count as independent draws.
 *
 * @param terms n terms
 * @param labels n numbers of strata, from 0
 */
export function standardErrorOfSum(terms: Float64Array, labels?: Int32Array): number {
  if (!labels) return Math.sqrt(terms.reduce((all, term) => all + term * term, 0))
  const strata = new Map<number, { count: number; sum: number }>()
  for (const [i, term] of terms.entries()) {
    const stratum = strata.get(labels[i])
    if (!stratum) strata.set(labels[i], { count: 1, sum: term })
    else {
      stratum.count++
      stratum.sum += term
    }
  }
  let variance = 0
  for (const [i, term] of terms.entries()) {
    const { count, sum: all } = strata.get(labels[i]) as { count: number; sum: number }
    variance += count < FEWEST ? term * term : (count / (count - 1)) * (term - all / count) ** 2
  }
  return Math.sqrt(variance)
}

function sum(values: Float64Array): number {
  let result = 0
  for (const value of values) result += value
  return result
}

interface SortedErrors {
  readonly errors: Float64Array
  readonly cumulative: Float64Array
}

function sortedErrors(squares: Float64Array, weights: Float64Array): SortedErrors {
  const order = Array.from(squares.keys()).sort((a, b) => squares[a] - squares[b])
  let total = 0
  const cumulative = Float64Array.from(order, (i) => {
    total += weights[i]
    return total
  })
  return { errors: Float64Array.from(order, (i) => Math.sqrt(squares[i])), cumulative }
}

function quantile({ errors, cumulative }: SortedErrors, p: number): number {
  const target = p * (cumulative.at(-1) ?? 0)
  const index = cumulative.findIndex((value) => value >= target)
  return errors[index < 0 ? errors.length - 1 : index]
}

/** @throws InputError unless values is an array of the given length, in `unit`, such as "n·d, as the truth" */
export function checkLength(name: string, values: ArrayLike<number>, length: number, unit: string): void {
  if (values?.length !== length)
    throw new InputError(
      name,
      values?.length === undefined ? values : `${values.length} values`,
      `${length} values: ${unit}`,
    )
}

/** @throws InputError unless values are numbers in [low, ∞), or finite ones */
export function checkEach(name: string, values: ArrayLike<number>, low = -Infinity): void {
  for (let i = 0; i < values.length; i++)
    if (!(Number.isFinite(values[i]) && values[i] >= low))
      throw new InputError(
        `${name}[${i}]`,
        values[i],
        low === -Infinity ? 'a finite number' : `a finite number, at least ${low}`,
      )
}
