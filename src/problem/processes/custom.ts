import { InputError } from '../../errors.ts'
import { compileFormula, type Formula } from '../../expression/expression.ts'
import type { Process } from '../process.ts'
import type { CustomSpec } from '../specification.ts'
import { linearMoments } from './linear-moments.ts'

const DRIFT = 'problem.process.drift'
const SIGMA = 'problem.process.sigma'
// where a drift is compared with a straight line in x, and times as parts of the largest
const PLACES = [-30, -2.7, -0.6, 0.3, 1.9, 7, 110]
const TIMES = [0, 0.013, 0.11, 0.29, 0.53, 0.78, 1]
const STRAIGHT = 1e-9

/**
 * dX = b(t, X) dt + σ(t) dB with formulas for the drift and σ (docs/mathematics.md §1, equation (1)). The drift is one
 * formula in t and x that every coordinate obeys, linear in x: b = β(t) x + γ(t). Then
 * X_t = α X₀ + m + (noise of deviation σ_t), with α = exp ∫β and m, σ_t by quadrature to rounding, and the process reduces
 * to the VE process like any other.
 *
 * @throws InputError for a drift that is not linear in x, a σ that is negative, 0 or not a number, or a `maximumTime`
 * that cannot be reached
 */
export function custom(spec: CustomSpec): Process {
  const drift = compileFormula(spec.drift, ['t', 'x'], DRIFT)
  const sigma = compileFormula(spec.sigma, ['t'], SIGMA)
  const moments = linearMoments({
    beta: (t) => drift({ t, x: 1 }) - drift({ t, x: 0 }),
    gamma: (t) => drift({ t, x: 0 }),
    square: (t) => checkSigma(sigma({ t }), t) ** 2,
    ...(spec.maximumTime !== undefined && { maximumTime: spec.maximumTime }),
  })
  if (spec.maximumTime !== undefined && moments.maximumTime < spec.maximumTime)
    throw new InputError(
      'problem.process.maximumTime',
      spec.maximumTime,
      `at most ${moments.maximumTime}: beyond it the drift and sigma are not smooth or the noise outgrows the data 1e8 times`,
    )
  if (moments.maximumTime === 0)
    throw new InputError(DRIFT, spec.drift, 'a drift and a sigma that are smooth from t = 0 on')
  checkLinear(drift, moments.maximumTime, spec.drift)
  if (!(moments.veTime(moments.maximumTime) > 0))
    throw new InputError(SIGMA, spec.sigma, 'a sigma that is not 0')
  return {
    kind: 'custom',
    maximumTime: moments.maximumTime,
    alpha: moments.alpha,
    sigma: (t) => moments.alpha(t) * moments.veTime(t),
    mean: (t) => moments.alpha(t) * moments.shift(t),
  }
}

function checkSigma(value: number, t: number): number {
  if (value >= 0 || Number.isNaN(value)) return value
  throw new InputError(`${SIGMA} at t = ${t}`, value, 'a number, not negative')
}

function checkLinear(drift: Formula, maximumTime: number, text: string): void {
  for (const part of TIMES) {
    const t = part * maximumTime
    const zero = drift({ t, x: 0 })
    const slope = drift({ t, x: 1 }) - zero
    for (const x of PLACES) {
      const size = Math.abs(zero) + Math.abs(slope) * (1 + Math.abs(x))
      // not ≤: a drift that is not a number is not linear either
      if (!(Math.abs(drift({ t, x }) - zero - slope * x) <= STRAIGHT * size))
        throw new InputError(DRIFT, text, 'a drift that is linear in x, as −x/2 or 3 (1 − x)')
    }
  }
}
