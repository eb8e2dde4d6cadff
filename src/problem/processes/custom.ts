import { InputError } from '../../errors.ts'
import { compileFormula } from '../../expression/expression.ts'
import { type Process, refuseReduction } from '../process.ts'
import type { CustomSpec } from '../specification.ts'
import { DRIFT, type DriftFormulas, driftFormulas } from './drift-formulas.ts'
import { type LinearMoments, linearMoments } from './linear-moments.ts'

const SIGMA = 'problem.process.sigma'
// where a drift is compared with a straight line in x, and times as parts of the largest
const PLACES = [-30, -2.7, -0.6, 0.3, 1.9, 7, 110]
const TIMES = [0, 0.013, 0.11, 0.29, 0.53, 0.78, 1]
const STRAIGHT = 1e-9
const FARTHEST = 1e8

/**
 * dX = b(t, X) dt + σ(t) dB with formulas for the drift and σ (docs/mathematics.md §1, equation (1)). The drift is one
 * formula in t and x that every coordinate obeys, or one a coordinate in t, x1, x2, ….
 *
 * Where b = β(t) x + γ(t), the same for every coordinate, X_t = α X₀ + m + (noise of deviation σ_t), with α = exp ∫β and m, σ_t
 * by quadrature to rounding, and the process reduces to the VE process like any other. For another drift, or with `grid`, p_t
 * is computed on a grid.
 *
 * @throws InputError for formulas that cannot be read, a σ that is negative, 0 or not a number, or a `maximumTime` that
 * cannot be reached
 */
export function custom(spec: CustomSpec): Process {
  const formulas = driftFormulas(spec.drift)
  const sigma = compileFormula(spec.sigma, ['t'], SIGMA)
  const diffusion = (t: number) => checkSigma(sigma({ t }), t)
  const general = () => nonlinear(spec, formulas, diffusion)
  const straight = straightLine(formulas)
  if (spec.grid || !isLinear(formulas, straight, spec.maximumTime ?? 1)) return general()

  const moments = linearMoments({
    ...straight,
    square: (t) => diffusion(t) ** 2,
    ...(spec.maximumTime !== undefined && { maximumTime: spec.maximumTime }),
  })
  const { maximumTime } = moments
  if (spec.maximumTime !== undefined && maximumTime < spec.maximumTime)
    throw new InputError(
      'problem.process.maximumTime',
      spec.maximumTime,
      `at most ${maximumTime}: beyond it the drift and sigma are not smooth or the noise outgrows the data 1e8 times`,
    )
  if (maximumTime === 0)
    throw new InputError(DRIFT, spec.drift, 'a drift and a sigma that are smooth from t = 0 on')
  if (!isLinear(formulas, straight, maximumTime)) return general()
  if (!(moments.veTime(maximumTime) > 0)) throw new InputError(SIGMA, spec.sigma, 'a sigma that is not 0')
  return linear(moments, formulas, diffusion)
}

function linear(moments: LinearMoments, { drift }: DriftFormulas, diffusion: Process['diffusion']): Process {
  return {
    kind: 'custom',
    maximumTime: moments.maximumTime,
    alpha: moments.alpha,
    sigma: (t) => moments.alpha(t) * moments.veTime(t),
    mean: (t) => moments.alpha(t) * moments.shift(t),
    drift,
    diffusion,
  }
}

function nonlinear(
  spec: CustomSpec,
  { dimension, drift, divergence }: DriftFormulas,
  diffusion: Process['diffusion'],
): Process {
  const maximumTime = spec.maximumTime ?? FARTHEST
  const times = TIMES.map((part) => part * Math.min(maximumTime, 1))
  const values = times.map(diffusion)
  values.forEach((value, i) => {
    if (!Number.isFinite(value)) throw new InputError(`${SIGMA} at t = ${times[i]}`, value, 'a finite number')
  })
  if (values.every((value) => value === 0)) throw new InputError(SIGMA, spec.sigma, 'a sigma that is not 0')
  return {
    kind: 'custom',
    maximumTime,
    nonlinear: { dimension, divergence, grid: spec.grid ?? {} },
    alpha: refuseReduction,
    sigma: refuseReduction,
    drift,
    diffusion,
  }
}

function checkSigma(value: number, t: number): number {
  if (value >= 0 || Number.isNaN(value)) return value
  throw new InputError(`${SIGMA} at t = ${t}`, value, 'a number, not negative')
}

/** β and γ of the straight line through the first coordinate of the drift at 0 and 1. */
function straightLine({ dimension, drift }: DriftFormulas) {
  const x = new Float64Array(dimension ?? 1)
  const out = new Float64Array(dimension ?? 1)
  const first = (t: number, value: number) => {
    x[0] = value
    drift(t, x, out)
    return out[0]
  }
  return { beta: (t: number) => first(t, 1) - first(t, 0), gamma: (t: number) => first(t, 0) }
}

/** Whether the drift is β x + γ in every coordinate, at all places and times where it is a number. */
function isLinear(
  { dimension, drift }: DriftFormulas,
  { beta, gamma }: ReturnType<typeof straightLine>,
  maximumTime: number,
): boolean {
  const d = dimension ?? 1
  const x = new Float64Array(d)
  const out = new Float64Array(d)
  for (const part of TIMES) {
    const t = part * maximumTime
    const [zero, slope] = [gamma(t), beta(t)]
    for (let place = 0; place < PLACES.length; place++) {
      // another value for every coordinate
      for (let i = 0; i < d; i++) x[i] = PLACES[(place + 3 * i) % PLACES.length]
      drift(t, x, out)
      for (let i = 0; i < d; i++) {
        const size = Math.abs(zero) + Math.abs(slope) * (1 + Math.abs(x[i]))
        // not >: a line that is not a number is none
        if (Number.isFinite(out[i]) && !(Math.abs(out[i] - zero - slope * x[i]) <= STRAIGHT * size))
          return false
      }
    }
  }
  return true
}
