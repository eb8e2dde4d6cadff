import { checkInteger, InputError } from '../errors.ts'
import { checkPoints, type Points, type PointsLike, points } from '../points/points.ts'
import type { Random } from '../random/random.ts'
import { ownScore } from './own-score.ts'
import type { Problem } from './problem.ts'
import { checkTime, ownData, ownPoints, vePoints, veTime } from './process.ts'

/**
 * s(t, X) = ∇ log p_t(X) of the problem's own process: s_VE(σ/α, X/α)/α (docs/mathematics.md §1), or from p_t on a grid where the
 * drift is not linear.
 *
 * @param X shape [n, d]
 * @returns shape [n, d]
 * @throws InputError for a time outside the process or points of another dimension
 */
export function score(problem: Problem, t: number, X: PointsLike): Points {
  const x = check(problem, t, X)
  const out = new Float64Array(x.length)
  ownScore(problem, t, x, out)
  return points(out, problem.dimension)
}

/** D(t, X) = E[X₀ | X_t = X], shape [n, d]. Parameters and errors as `score`. */
export function denoiser(problem: Problem, t: number, X: PointsLike): Points {
  const { ve, x } = reduce(problem, t, X)
  const out = new Float64Array(x.length)
  problem.density.denoiser(ve, x, out)
  return points(ownData(problem.process, out), problem.dimension)
}

/**
 * log p_t(X), n values. Parameters as `score`.
 *
 * @throws InputError also where only a score is known, or at t = 0 for point masses
 */
export function logDensity(problem: Problem, t: number, X: PointsLike): Float64Array {
  const { density, dimension, law } = problem
  if (law ? !law.logDensity : !density.logDensity || (density.atomic && t === 0))
    throw new InputError('the data', density.kind, 'data with a log-density')
  if (law?.logDensity) {
    const own = check(problem, t, X)
    const logs = new Float64Array(own.length / dimension)
    law.logDensity(t, own, logs)
    return logs
  }
  const { alpha, ve, x } = reduce(problem, t, X)
  const out = new Float64Array(x.length / dimension)
  density.logDensity?.(ve, x, out)
  return out.map((value) => value - dimension * Math.log(alpha))
}

/**
 * n points of p_t: X_t = α X₀ + m + σ Z, shape [n, d].
 *
 * @throws InputError where only a score is known, or for a drift that is not linear (`sde.forward` has paths of it)
 */
export function sampleNoised(problem: Problem, t: number, n: number, random: Random): Points {
  const { density, process, dimension } = problem
  checkTime(problem, 't', t)
  checkInteger('n', n, 1)
  if (!density.sample) throw new InputError('the data', density.kind, 'data that can be sampled')
  const x = ownPoints(process, t, density.sample(n, random))
  const sigma = process.sigma(t)
  return points(
    x.map((value) => value + sigma * random.normal()),
    dimension,
  )
}

function check(problem: Problem, t: number, X: PointsLike): Float64Array {
  checkTime(problem, 't', t)
  return checkPoints(X, problem.dimension)
}

function reduce(problem: Problem, t: number, X: PointsLike) {
  const { process } = problem
  const x = check(problem, t, X)
  const alpha = process.alpha(t)
  return { alpha, ve: veTime(process, t), x: vePoints(process, t, x) }
}
