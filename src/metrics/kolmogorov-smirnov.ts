import { checkNumber, InputError } from '../errors.ts'
import { checkEach } from './error-statistics.ts'

/** A test that gives a probability of what was seen, or more, if two laws were the same. */
export interface LawTest {
  readonly statistic: number
  /** Small when the laws differ. */
  readonly pValue: number
}

// a sum of probabilities may be above 1 by so much
const ROUNDING = 1e-12

/**
 * The Kolmogorov–Smirnov test of a sample on the line against a distribution function: √n sup|F_n − F|, and its asymptotic
 * p-value 2 Σ (−1)^{k−1} exp(−2 k² λ²) with Stephens's λ = D (√n + 0.12 + 0.11/√n) (Stephens 1970; Press et al., Numerical
 * Recipes, §14.3).
 *
 * @param x n values
 * @param cdf of the law that they are tested against
 * @throws InputError for an empty sample, values that are not finite, or a function that gives no probability
 */
export function kolmogorovSmirnov(x: ArrayLike<number>, cdf: (value: number) => number): LawTest {
  const n = x.length
  if (n === 0) throw new InputError('x', x, 'at least one value')
  checkEach('x', x)
  const sorted = Float64Array.from(x).sort()
  let distance = 0
  sorted.forEach((value, i) => {
    const given = checkNumber(`cdf(${value})`, cdf(value), -ROUNDING, 1 + ROUNDING)
    const probability = Math.min(1, Math.max(0, given))
    distance = Math.max(distance, (i + 1) / n - probability, probability - i / n)
  })
  const root = Math.sqrt(n)
  return { statistic: root * distance, pValue: tail(distance * (root + 0.12 + 0.11 / root)) }
}

function tail(lambda: number): number {
  // the series does not converge at 0, where the probability is 1 to rounding
  if (lambda < 0.2) return 1
  let sum = 0
  for (let k = 1; k <= 100; k++) sum += (k % 2 === 1 ? 2 : -2) * Math.exp(-2 * k * k * lambda * lambda)
  return Math.min(1, Math.max(0, sum))
}
