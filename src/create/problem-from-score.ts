import { checkInteger, InputError } from '../errors.ts'
import { createMoments, diagonalise } from '../numeric/moments.ts'
import type { Density, Times } from '../problem/density.ts'
import type { Problem } from '../problem/problem.ts'
import { functionRecord, remembered } from '../problem/record.ts'
import type { Random } from '../random/random.ts'
import type { ProcessSpec } from '../specification/problem.ts'
import { createProblem } from './create-problem.ts'

/** Data known by its score. Batches are row-major: n·d values. */
export interface ScoreFunctions {
  readonly dimension: number
  /**
   * ∇ log p_t at n points, n·d values, where p_t = p_data * N(0, t² I): t is the time of the VE process that the problem reduces to,
   * τ = σ(t)/α(t), and the points are those of it, x/α(t) (docs/mathematics.md §1). With `process: { kind: 've' }` that is the process itself.
   */
  readonly score: (t: number, X: Float64Array) => Float64Array
  /** EX₀, d numbers. */
  readonly mean: readonly number[]
  /** Cov X₀, d rows of d numbers. Errors are relative to the root of its trace. */
  readonly covariance: readonly (readonly number[])[]
  /** log p_t at n points, n values, at the same times. Without it trajectories start from noise. */
  readonly logDensity?: (t: number, X: Float64Array) => Float64Array
  /** n points of p_data, n·d values. Losses on data need it. */
  readonly sample?: (count: number, random: Random) => Float64Array
  /** Default VE. */
  readonly process?: Exclude<ProcessSpec, { readonly kind: 'custom' }>
}

/**
 * A problem whose data are known by functions: a score, and what else there is. Every method takes it that needs no more than what is
 * given. A model trained on it records that its problem is a function, with its moments and a fingerprint of its score.
 *
 * @throws InputError for parts that do not fit each other, or a score that gives no n·d finite numbers
 * @example
 * const problem = problemFromScore({
 *   dimension: 1, mean: [0], covariance: [[1]],
 *   score: (t, X) => X.map((x) => -x / (1 + t * t)),
 * })
 */
export function problemFromScore(functions: ScoreFunctions): Problem {
  const density = scoreDensity(functions)
  const { dimension, mean, covariance, process = { kind: 've' } } = functions
  // the process, made as that of any problem, but about the origin: points come to the functions as they are
  const data = { kind: 'gaussian', mean: mean.map(() => 0), covariance } as const
  const made = createProblem({ process, data })
  if (made.law) throw new InputError('process', process.kind, 'a process with a linear drift')
  const specification = { process: made.specification.process, data: functionRecord(density) }
  return remembered({ specification, process: made.process, density, dimension })
}

function scoreDensity({ dimension, mean, covariance, ...functions }: ScoreFunctions): Density {
  const d = checkInteger('dimension', dimension, 1, 10_000)
  if (!Array.isArray(mean) || mean.length !== d || !mean.every(Number.isFinite))
    throw new InputError('mean', mean, `${d} finite numbers`)
  if (!Array.isArray(covariance) || !covariance.flat().every(Number.isFinite))
    throw new InputError('covariance', covariance, `a ${d} × ${d} matrix of finite numbers`)
  const moments = createMoments(Float64Array.from(mean), diagonalise(covariance, d, 'covariance'))
  if (!(moments.trace > 0)) throw new InputError('covariance', covariance, 'one of data that vary')
  for (const key of ['score', 'logDensity', 'sample'] as const)
    if (typeof functions[key] !== 'function' && (key === 'score' || functions[key] !== undefined))
      throw new InputError(key, functions[key], 'a function')
  const score = batched('score', functions.score, d, d)
  const { logDensity, sample } = functions
  return {
    kind: 'function',
    dimension: d,
    moments,
    atomic: false,
    score,
    denoiser(t, x, out) {
      score(t, x, out)
      for (let i = 0, row = 0; i < x.length; row++) {
        const time = typeof t === 'number' ? t : t[row]
        for (const end = i + d; i < end; i++) out[i] = x[i] + time * time * out[i]
      }
    },
    ...(logDensity && { logDensity: batched('logDensity', logDensity, d, 1) }),
    ...(sample && {
      sample: (count: number, random: Random) =>
        Float64Array.from(checked('sample', sample(count, random), count * d)),
    }),
  }
}

/** A function of one time for all rows, called once for every run of rows with the same time. */
function batched(
  name: string,
  of: (t: number, X: Float64Array) => Float64Array,
  d: number,
  width: number,
): (t: Times, x: Float64Array, out: Float64Array) => void {
  return (t, x, out) => {
    const n = x.length / d
    for (let row = 0; row < n; ) {
      const time = typeof t === 'number' ? t : t[row]
      let end = typeof t === 'number' ? n : row + 1
      if (typeof t !== 'number') while (end < n && t[end] === time) end++
      // a copy: the function may keep or change what it gets
      out.set(checked(name, of(time, x.slice(row * d, end * d)), (end - row) * width), row * width)
      row = end
    }
  }
}

function checked(name: string, values: Float64Array, count: number): Float64Array {
  if (ArrayBuffer.isView(values) && values.length === count) return values
  const length = (values as ArrayLike<number> | undefined)?.length
  throw new InputError(
    `what ${name} gives`,
    length === undefined ? values : `${length} values`,
    `a Float64Array of ${count}`,
  )
}
