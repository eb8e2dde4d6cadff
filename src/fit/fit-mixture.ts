import { checkInteger, checkNumber, InputError } from '../errors.ts'
import { type PointsLike, toPoints } from '../points/points.ts'
import type { Progress } from '../progress.ts'
import { Random } from '../random/random.ts'
import type { ProblemSpec } from '../specification/problem.ts'
import { expect, type FactorMixture, improve, startMixture, totalVariance } from './factor-mixture.ts'

export interface FitOptions {
  /** K, or several to choose from; default 10. */
  readonly components?: number | readonly number[]
  /** q, from 0 to d − 1, or several to choose from; default d − 1, at most 12. */
  readonly factors?: number | readonly number[]
  /** Default 0. */
  readonly seed?: number
  /** Share of the rows, drawn with the seed, that the mixture is not fitted to and that it is judged by, from 0 to below 1; default 0.2. */
  readonly heldOut?: number
  /** The least standard deviation of the noise, in units of the data; default a hundredth of the data scale √(tr Cov/d). */
  readonly leastNoise?: number
  /** The most steps of EM; default 200. */
  readonly steps?: number
  readonly onProgress?: (progress: Progress) => void
  readonly signal?: AbortSignal
}

/** One number of components and factors, and how it did. Log-likelihoods are means over rows, in nats. */
export interface FitCandidate {
  readonly components: number
  readonly factors: number
  readonly logLikelihood: number
  /** Of the rows held out; null where there are none. */
  readonly heldOut: number | null
  readonly steps: number
  /** Whether the last step gained less than 1e-4. */
  readonly converged: boolean
}

export interface MixtureFit extends FitCandidate {
  /** The `mixture` as data of the VE process. */
  readonly problem: ProblemSpec
  readonly rows: number
  readonly rowsHeldOut: number
  readonly leastNoise: number
  /** The log-likelihood of the fitted rows before each step, and at the end. */
  readonly curve: readonly number[]
  /** All that were tried, in the order given. */
  readonly candidates: readonly FitCandidate[]
}

// of the mean log-likelihood of a row, in nats
const TOLERANCE = 1e-4
const MOST_FACTORS = 12
const LEAST_NOISE = 0.01
const NOTHING = 1e-9

/**
 * Fits a mixture of factor analysers with one noise a component (probabilistic principal components) to rows by EM: k-means++ starts, then
 * steps that raise the likelihood, with a floor for the noise (docs/problem-files.md; Tipping and Bishop 1999). Of several numbers of components or factors
 * the mixture is taken whose log-likelihood is largest on the rows held out.
 *
 * @param rows n rows of d numbers, such as flattened images
 * @throws InputError for fewer rows than components, rows that are all the same, or an option out of its range
 * @example const { problem } = await fitMixture(rows, { components: [5, 10], factors: 4, seed: 0 })
 */
export async function fitMixture(rows: PointsLike, options: FitOptions = {}): Promise<MixtureFit> {
  const { data, shape } = toPoints(rows, 'rows')
  const [n, d] = shape
  const seed = checkInteger('seed', options.seed ?? 0, -(2 ** 31), 2 ** 31 - 1)
  const share = checkNumber('heldOut', options.heldOut ?? 0.2, 0, 0.9)
  const counts = several('components', options.components ?? 10, 1)
  const ranks = several('factors', options.factors ?? Math.min(d - 1, MOST_FACTORS), 0)
  const most = checkInteger('steps', options.steps ?? 200, 1)
  const held = Math.round(share * n)
  const largest = Math.max(...counts)
  if (largest > n - held)
    throw new InputError('components', largest, `at most ${n - held}, the number of rows to fit`)
  if (Math.max(...ranks) > d - 1)
    throw new InputError('factors', Math.max(...ranks), `at most ${d - 1}, in ${d} dimensions`)
  const tried = counts.flatMap((components) => ranks.map((factors) => ({ components, factors })))
  if (tried.length > 1 && held === 0)
    throw new InputError('heldOut', share, 'rows to choose by, where there are several components or factors')

  const { x, centre, scale, order } = standardised(data, d, seed)
  const spread = Math.sqrt(totalVariance(x, d) / d)
  if (!(spread > 0)) throw new InputError('rows', `${n} times the same`, 'at least two different rows')
  const leastNoise =
    options.leastNoise === undefined
      ? LEAST_NOISE * spread
      : checkNumber('leastNoise', options.leastNoise, 0, Number.MAX_VALUE, true) / scale
  const take = (from: number, to: number) => {
    const out = new Float64Array((to - from) * d)
    for (let i = from; i < to; i++) out.set(x.subarray(order[i] * d, (order[i] + 1) * d), (i - from) * d)
    return out
  }
  const [other, fitted] = [take(0, held), take(held, n)]

  // of densities: what a change of units adds to their logarithms
  const shift = -d * Math.log(scale)
  let best: { mixture: FactorMixture; candidate: FitCandidate; curve: number[] } | undefined
  const candidates: FitCandidate[] = []
  for (const [at, { components, factors }] of tried.entries()) {
    const random = Random.stream(seed, `fit ${components} ${factors}`)
    const size = { dimension: d, rank: factors, count: components, floor: leastNoise ** 2 }
    let mixture = startMixture(fitted, size, random)
    const curve: number[] = []
    let converged = false
    for (;;) {
      const { responsibilities, logDensities } = expect(mixture, fitted)
      const own = mean(logDensities)
      converged = own - (curve.at(-1) ?? -Infinity) < TOLERANCE
      curve.push(own)
      options.onProgress?.({
        done: at * most + curve.length - 1,
        total: tried.length * most,
        label: `${components} × ${factors}: log-likelihood ${(own + shift).toPrecision(6)}`,
      })
      await new Promise((resolve) => setTimeout(resolve))
      options.signal?.throwIfAborted()
      if (converged || curve.length > most) break
      mixture = improve(mixture, fitted, responsibilities, leastNoise ** 2)
    }
    const candidate = {
      components,
      factors,
      logLikelihood: (curve.at(-1) ?? Number.NaN) + shift,
      heldOut: held > 0 ? mean(expect(mixture, other).logDensities) + shift : null,
      steps: curve.length - 1,
      converged,
    }
    candidates.push(candidate)
    if (!best || Number(candidate.heldOut) > Number(best.candidate.heldOut))
      best = { mixture, candidate, curve }
  }
  if (!best) throw new InputError('components', counts, 'at least one number')
  return {
    ...best.candidate,
    problem: { process: { kind: 've' }, data: asData(best.mixture, centre, scale) },
    rows: n - held,
    rowsHeldOut: held,
    leastNoise: leastNoise * scale,
    curve: best.curve.map((value) => value + shift),
    candidates,
  }
}

function several(name: string, value: number | readonly number[], least: number): readonly number[] {
  const list = typeof value === 'number' ? [value] : value
  if (list.length === 0) throw new InputError(name, value, 'at least one number')
  for (const entry of list) checkInteger(name, entry, least)
  return list
}

/** Rows about their mean in units of a power of two near their largest number, so that squares keep their digits, and an order drawn by the seed. */
function standardised(data: Float64Array, d: number, seed: number) {
  const n = data.length / d
  const centre = new Float64Array(d)
  for (let at = 0; at < data.length; at++) centre[at % d] += data[at] / n
  const x = data.map((value, at) => value - centre[at % d])
  const largest = x.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  const scale = largest === 0 ? 1 : 2 ** Math.max(-1000, Math.ceil(Math.log2(largest)))
  const random = Random.stream(seed, 'held out')
  const order = Int32Array.from({ length: n }, (_, i) => i)
  for (let i = n - 1; i > 0; i--) {
    const j = random.integer(i + 1)
    ;[order[i], order[j]] = [order[j], order[i]]
  }
  return { x: x.map((value) => value / scale), centre, scale, order }
}

/** Components with weight, the heaviest first. */
function asData(mixture: FactorMixture, centre: Float64Array, scale: number): ProblemSpec['data'] {
  const { dimension: d, rank: q, weights, means, factors, variances } = mixture
  const kept = Array.from(weights.keys())
    .filter((k) => weights[k] > NOTHING)
    .sort((a, b) => weights[b] - weights[a])
  const total = kept.reduce((sum, k) => sum + weights[k], 0)
  const noise = kept.map((k) => scale * Math.sqrt(variances[k]))
  return {
    kind: 'mixture',
    weights: kept.map((k) => weights[k] / total),
    means: kept.map((k) => Array.from(centre, (value, j) => value + scale * means[k * d + j])),
    ...(q === 0
      ? { stds: noise }
      : {
          noise,
          factors: kept.map((k) =>
            Array.from({ length: d }, (_, j) =>
              Array.from(factors.subarray((k * d + j) * q, (k * d + j + 1) * q), (value) => scale * value),
            ),
          ),
        }),
  }
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
