import { InputError } from '../../errors.ts'
import type { Random } from '../../random/random.ts'
import type { Density, Times } from '../density.ts'
import { createMoments } from '../moments.ts'
import type { ProductSpec } from '../specification.ts'
import { cumulative, normalisedWeights } from './weights.ts'

/** A Gaussian mixture in one dimension. */
export interface Marginal {
  readonly weights: Float64Array
  readonly means: Float64Array
  readonly variances: Float64Array
}

/** A product of 1-D mixtures in a rotated basis, x = Rᵀ z: exact and not Gaussian in any dimension. */
export interface Product extends Density {
  readonly marginals: readonly Marginal[]
  /** R, [d, d] row-major: z = R x. */
  readonly rotation: Float64Array
}

/**
 * The density of a `product` problem file (docs/mathematics.md §3).
 *
 * @throws InputError when counts or sizes do not fit, or the rotation is not orthogonal
 */
export function product(spec: ProductSpec): Product {
  const d = spec.marginals.length
  const rotation = checkRotation(spec.rotation, d)
  const marginals = spec.marginals.map((marginal, i): Marginal => {
    const name = `problem.data.marginals[${i}]`
    const weights = normalisedWeights(marginal.weights, `${name}.weights`)
    for (const key of ['means', 'stds'] as const)
      if (marginal[key].length !== weights.length)
        throw new InputError(`${name}.${key}`, marginal[key], `${weights.length} numbers, one a weight`)
    return {
      weights,
      means: Float64Array.from(marginal.means),
      variances: Float64Array.from(marginal.stds, (std) => std * std),
    }
  })
  const logWeights = marginals.map(({ weights }) => weights.map(Math.log))
  const sums = marginals.map(({ weights }) => cumulative(weights))
  const longest = Math.max(...marginals.map(({ weights }) => weights.length))
  const share = new Float64Array(longest)
  const z = new Float64Array(d)
  const g = new Float64Array(d)

  /** Responsibilities of coordinate i's components at z into share; returns its log-density. */
  function respond(i: number, t: number, value: number): number {
    const { means, variances } = marginals[i]
    let largest = -Infinity
    for (let k = 0; k < means.length; k++) {
      const variance = Math.max(variances[k] + t * t, 1e-300)
      const distance = value - means[k]
      const joint =
        logWeights[i][k] - ((distance * distance) / variance + Math.log(2 * Math.PI * variance)) / 2
      share[k] = joint
      if (joint > largest) largest = joint
    }
    let total = 0
    for (let k = 0; k < means.length; k++) {
      share[k] = Math.exp(share[k] - largest)
      total += share[k]
    }
    for (let k = 0; k < means.length; k++) share[k] /= total
    return largest + Math.log(total)
  }

  function rotateIn(x: Float64Array, start: number): void {
    for (let i = 0; i < d; i++) {
      let sum = 0
      for (let j = 0; j < d; j++) sum += rotation[i * d + j] * x[start + j]
      z[i] = sum
    }
  }

  function rotateOut(values: Float64Array, out: Float64Array, start: number): void {
    for (let j = 0; j < d; j++) out[start + j] = 0
    for (let i = 0; i < d; i++) {
      const value = values[i]
      for (let j = 0; j < d; j++) out[start + j] += rotation[i * d + j] * value
    }
  }

  function score(t: Times, x: Float64Array, out: Float64Array): void {
    for (let start = 0, row = 0; start < x.length; start += d, row++) {
      const time = typeof t === 'number' ? t : t[row]
      rotateIn(x, start)
      for (let i = 0; i < d; i++) {
        const { means, variances } = marginals[i]
        respond(i, time, z[i])
        let sum = 0
        for (let k = 0; k < means.length; k++)
          sum -= (share[k] * (z[i] - means[k])) / Math.max(variances[k] + time * time, 1e-300)
        g[i] = sum
      }
      rotateOut(g, out, start)
    }
  }

  function denoiser(t: Times, x: Float64Array, out: Float64Array): void {
    for (let start = 0, row = 0; start < x.length; start += d, row++) {
      const time = typeof t === 'number' ? t : t[row]
      rotateIn(x, start)
      for (let i = 0; i < d; i++) {
        const { means, variances } = marginals[i]
        respond(i, time, z[i])
        let sum = 0
        for (let k = 0; k < means.length; k++) {
          const gain = variances[k] / Math.max(variances[k] + time * time, 1e-300)
          sum += share[k] * (means[k] + gain * (z[i] - means[k]))
        }
        g[i] = sum
      }
      rotateOut(g, out, start)
    }
  }

  function logDensity(t: Times, x: Float64Array, out: Float64Array): void {
    for (let start = 0, row = 0; start < x.length; start += d, row++) {
      const time = typeof t === 'number' ? t : t[row]
      rotateIn(x, start)
      let sum = 0
      for (let i = 0; i < d; i++) sum += respond(i, time, z[i])
      out[row] = sum
    }
  }

  function sample(n: number, random: Random): Float64Array {
    const x = new Float64Array(n * d)
    for (let start = 0; start < x.length; start += d) {
      for (let i = 0; i < d; i++) {
        const { means, variances } = marginals[i]
        const k = random.categorical(sums[i])
        g[i] = means[k] + Math.sqrt(variances[k]) * random.normal()
      }
      rotateOut(g, x, start)
    }
    return x
  }

  return {
    kind: 'product',
    dimension: d,
    terms: marginals.reduce((sum, { weights }) => sum + weights.length, 0),
    moments: productMoments(marginals, rotation),
    marginals,
    rotation,
    atomic: marginals.some(({ variances }) => variances.some((variance) => variance === 0)),
    score,
    denoiser,
    logDensity,
    sample,
  }
}

/** The covariance is Rᵀ diag(variances) R: its eigenvectors are the rows of R, nothing needs diagonalising. */
function productMoments(marginals: readonly Marginal[], rotation: Float64Array) {
  const d = marginals.length
  const stats = marginals.map(({ weights, means, variances }, i) => {
    const mean = weights.reduce((sum, weight, k) => sum + weight * means[k], 0)
    const variance = weights.reduce(
      (sum, weight, k) => sum + weight * (variances[k] + (means[k] - mean) ** 2),
      0,
    )
    return { i, mean, variance }
  })
  const mean = new Float64Array(d)
  for (const { i, mean: value } of stats) for (let j = 0; j < d; j++) mean[j] += rotation[i * d + j] * value
  const sorted = [...stats].sort((a, b) => a.variance - b.variance)
  const vectors = new Float64Array(d * d)
  sorted.forEach(({ i }, column) => {
    for (let j = 0; j < d; j++) vectors[j * d + column] = rotation[i * d + j]
  })
  return createMoments(mean, { values: Float64Array.from(sorted, ({ variance }) => variance), vectors })
}

function checkRotation(rows: readonly (readonly number[])[] | undefined, d: number): Float64Array {
  const name = 'problem.data.rotation'
  if (!rows) return Float64Array.from({ length: d * d }, (_, i) => (Math.floor(i / d) === i % d ? 1 : 0))
  if (rows.length !== d || rows.some((row) => row.length !== d))
    throw new InputError(name, rows, `a ${d} × ${d} matrix`)
  for (let i = 0; i < d; i++)
    for (let j = 0; j <= i; j++) {
      const dot = rows[i].reduce((sum, value, k) => sum + value * rows[j][k], 0)
      if (Math.abs(dot - (i === j ? 1 : 0)) > 1e-8)
        throw new InputError(name, dot, `an orthogonal matrix: rows ${j} and ${i} have this inner product`)
    }
  return Float64Array.from(rows.flat())
}
