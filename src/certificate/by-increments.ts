import type { CarriedSample } from '../metrics/carried-sample.ts'
import { gathered, type Norm, weightedNorm } from '../metrics/increments.ts'
import type { Density } from '../problem/density.ts'
import type { Certificate } from './certificate.ts'
import { paretoShape } from './pareto.ts'

/**
 * The bound ‖f̂(t₀, ·) − f(t₀, ·)‖ + Σ ‖Δ_k‖ by increments alone (docs/mathematics.md §5.7), at any times: nothing is differentiated or
 * integrated, so it holds for maps of integer times. Residuals are NaN.
 *
 * @param values f̂ at each time of the sample from `first` on, n·d values each
 */
export function certificateByIncrements(
  { moments: { scale, trace } }: Density,
  { times, weights, x0 }: CarriedSample,
  first: number,
  values: readonly Float64Array[],
): Certificate {
  const norm = weightedNorm(weights, trace)
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const contributions = new Float64Array(weights.length)
  let centre = 0
  /** Adds the part of each trajectory in a root mean square, to first order. */
  const add = ({ norm: size, mean, squares }: Norm): number => {
    if (size === 0) return 0
    centre += mean / (2 * size)
    for (const [row, weight] of weights.entries())
      contributions[row] += (weight * squares[row]) / (2 * size * total)
    return size
  }
  const errors = values.map((value) => norm(value, x0).norm)
  const initialError = add(norm(values[0], x0))
  const steps = values.slice(1).map((value, k) => ({
    ...{ from: times[first + k], to: times[first + k + 1], error: errors[k + 1] },
    size: add(norm(value, values[k])),
  }))
  const sums = gathered(initialError, steps)
  const estimate = sums.incrementBound
  const squares = contributions.reduce(
    (sum, part, row) => sum + (part - weights[row] * (centre / total)) ** 2,
    0,
  )
  const deviation = 1.96 * Math.sqrt(squares)
  return {
    ...sums,
    estimate,
    derivativeError: null,
    quadratureError: 0,
    interval: [Math.max(0, estimate - deviation), estimate + deviation],
    paretoK: paretoShape(contributions),
    bound: true,
    reason: null,
    byTime: errors.map((error, k) => ({
      ...{ time: times[first + k], theta: Math.atan2(times[first + k], scale), error },
      ...{ residual: Number.NaN, density: Number.NaN },
    })),
  }
}
