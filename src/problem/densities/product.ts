import { InputError } from '../../errors.ts'
import { ProductKernel } from '../../kernels/product.ts'
import { multiplyRows, transposed } from '../../numeric/matrix.ts'
import { createMoments } from '../../numeric/moments.ts'
import type { Random } from '../../random/random.ts'
import type { ProductSpec } from '../../specification/data.ts'
import type { Density, Times } from '../density.ts'
import { createMixture } from './mixture.ts'
import { type Marginal, productStrata } from './product-strata.ts'
import { withFactors, withPrincipalAxes } from './structure.ts'
import { combineRows } from './timed-kernel.ts'
import { cumulative, normalisedWeights } from './weights.ts'

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
  const sums = marginals.map(({ weights }) => cumulative(weights))
  // all components of all coordinates, one after another
  const starts = Int32Array.from({ length: d + 1 }, (_, i) =>
    marginals.slice(0, i).reduce((sum, { weights }) => sum + weights.length, 0),
  )
  const joined = (key: keyof Marginal) => Float64Array.from(marginals.flatMap((one) => Array.from(one[key])))
  const logWeights = joined('weights').map(Math.log)
  const means = joined('means')
  const variances = joined('variances')
  const plain = spec.rotation === undefined
  const back = plain ? null : transposed(rotation, d)
  const kernel = new ProductKernel({ dimension: d, rotation: plain ? null : rotation, starts, means })

  // what depends on t alone, made anew when t or the quantity changes
  const constants = new Float64Array(means.length)
  const inverse = new Float64Array(means.length)
  const gains = new Float64Array(means.length)
  let made: { readonly t: number; readonly offset: 0 | 1 } = { t: Number.NaN, offset: 0 }
  const tables = { constants, inverse, gains }
  function prepare(t: number, offset: 0 | 1): typeof tables {
    if (made.t === t && made.offset === offset) return tables
    made = { t, offset }
    for (let k = 0; k < means.length; k++) {
      const variance = Math.max(variances[k] + t * t, 1e-300)
      inverse[k] = 1 / variance
      gains[k] = offset === 1 ? variances[k] / variance : -inverse[k]
      constants[k] = logWeights[k] - Math.log(2 * Math.PI * variance) / 2
    }
    return tables
  }

  const combine = combineRows(() => kernel, d, prepare)

  function logDensity(t: Times, x: Float64Array, out: Float64Array): void {
    let rotated = x
    if (!plain) {
      rotated = new Float64Array(x.length)
      multiplyRows(rotation, d, x, rotated)
    }
    for (let start = 0, row = 0; start < x.length; start += d, row++) {
      prepare(typeof t === 'number' ? t : t[row], 0)
      let sum = 0
      for (let i = 0; i < d; i++) {
        const z = rotated[start + i]
        const joint = (k: number) => constants[k] - ((z - means[k]) ** 2 * inverse[k]) / 2
        let largest = -Infinity
        for (let k = starts[i]; k < starts[i + 1]; k++) largest = Math.max(largest, joint(k))
        let total = 0
        for (let k = starts[i]; k < starts[i + 1]; k++) total += Math.exp(joint(k) - largest)
        sum += largest + Math.log(total)
      }
      out[row] = sum
    }
  }

  function sample(n: number, random: Random): Float64Array {
    const z = new Float64Array(n * d)
    for (let start = 0; start < z.length; start += d)
      for (let i = 0; i < d; i++) {
        const k = starts[i] + random.categorical(sums[i])
        z[start + i] = means[k] + Math.sqrt(variances[k]) * random.normal()
      }
    if (!back) return z
    const x = new Float64Array(n * d)
    multiplyRows(back, d, z, x)
    return x
  }

  const moments = productMoments(marginals, rotation)
  const atomic = marginals.some(({ variances }) => variances.some((variance) => variance === 0))
  const density: Product = {
    kind: 'product',
    dimension: d,
    finest: atomic
      ? 0
      : Math.sqrt(
          marginals.reduce((least, own) => own.variances.reduce((a, b) => Math.min(a, b), least), Infinity),
        ),
    terms: marginals.reduce((sum, { weights }) => sum + weights.length, 0),
    moments,
    marginals,
    rotation,
    atomic,
    score: (t, x, out) => combine(0, t, x, out),
    denoiser: (t, x, out) => combine(1, t, x, out),
    logDensity,
    sample,
    strata: productStrata(marginals, plain ? null : rotation, moments.trace, logDensity),
  }
  withPrincipalAxes(density, () => productInPrincipalAxes(density))
  return withFactors(density, { rotation, marginals: () => marginals.map(marginalDensity) })
}

function marginalDensity({ weights, means, variances }: Marginal): Density {
  const eigens = Array.from(variances, (variance) => ({
    values: Float64Array.of(variance),
    vectors: Float64Array.of(1),
  }))
  return createMixture('mixture', weights, means, eigens)
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
      let dot = 0
      for (let k = 0; k < d; k++) dot += rows[i][k] * rows[j][k]
      if (Math.abs(dot - (i === j ? 1 : 0)) > 1e-8)
        throw new InputError(name, dot, `an orthogonal matrix: rows ${j} and ${i} have this inner product`)
    }
  return Float64Array.from(rows.flat())
}

/**
 * The same data in the eigenbasis of its covariance, z = Vᵀ x: a product in the order of its variances, without a rotation. Everything
 * that does not depend on the basis, such as the training of a network in Gaussian-skip coordinates, costs d operations a point
 * there and not d².
 */
function productInPrincipalAxes({ marginals, moments }: Product): Product {
  const variance = ({ weights, means, variances }: Marginal) => {
    const mean = weights.reduce((sum, weight, k) => sum + weight * means[k], 0)
    return weights.reduce((sum, weight, k) => sum + weight * (variances[k] + (means[k] - mean) ** 2), 0)
  }
  const order = marginals
    .map((marginal) => ({ marginal, own: variance(marginal) }))
    .sort((a, b) => a.own - b.own)
  const aligned = product({
    kind: 'product',
    marginals: order.map(({ marginal: { weights, means, variances } }) => ({
      weights: [...weights],
      means: [...means],
      stds: Array.from(variances, Math.sqrt),
    })),
  })
  // the same bits of the eigenvalues, and of everything made from them
  return {
    ...aligned,
    moments: {
      ...aligned.moments,
      eigenvalues: moments.eigenvalues,
      trace: moments.trace,
      scale: moments.scale,
    },
  }
}
