import { InputError } from '../../errors.ts'

/** Weights that add up to 1 exactly (to rounding). A sum off by more than 1e-6 is taken for a mistake. */
export function normalisedWeights(weights: readonly number[], parameter: string): Float64Array {
  const sum = weights.reduce((total, weight) => total + weight, 0)
  if (Math.abs(sum - 1) > 1e-6) throw new InputError(`the sum of ${parameter}`, sum, '1')
  return Float64Array.from(weights, (weight) => weight / sum)
}

/** Running sums, for drawing an index. */
export function cumulative(weights: Float64Array): Float64Array {
  let sum = 0
  return weights.map((weight) => (sum += weight))
}

/** log(shares/weights): what turns the logarithms of one set of weights into those of another. 0 where both are 0. */
export function logRatios(shares: Float64Array, weights: Float64Array): Float64Array {
  return weights.map((weight, k) => (weight > 0 ? Math.log(shares[k] / weight) : 0))
}
