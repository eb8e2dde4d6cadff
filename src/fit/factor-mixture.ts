import { invertPositive, multiplyRows } from '../numeric/matrix.ts'
import type { Random } from '../random/random.ts'
import { kMeans } from './k-means.ts'

/** Σ π_k N(μ_k, F_k F_kᵀ + v_k I), row-major: probabilistic principal components in each part. */
export interface FactorMixture {
  readonly dimension: number
  /** q, above or at 0 */
  readonly rank: number
  /** [K] */
  readonly weights: Float64Array
  /** [K, d] */
  readonly means: Float64Array
  /** [K, d, q] */
  readonly factors: Float64Array
  /** [K] */
  readonly variances: Float64Array
}

// updates of the factors in one step: each passes over the rows of its own component alone
const UPDATES = 3
const FIRST_UPDATES = 10
// responsibilities and shares of the rows that are nothing
const NOTHING = 1e-12

/** The first mixture: clusters by k-means++, and what the first updates of the factors make of each. */
export function startMixture(
  x: Float64Array,
  { dimension: d, rank: q, count, floor }: { dimension: number; rank: number; count: number; floor: number },
  random: Random,
): FactorMixture {
  const n = x.length / d
  const labels = kMeans(x, d, count, random)
  const responsibilities = new Float64Array(n * count)
  for (let i = 0; i < n; i++) responsibilities[i * count + labels[i]] = 1
  // half of the variance of all to the noise and half, in random directions, to the factors
  const spread = Math.max(floor, totalVariance(x, d) / d)
  const start: FactorMixture = {
    dimension: d,
    rank: q,
    weights: new Float64Array(count).fill(1 / count),
    means: new Float64Array(count * d),
    factors: Float64Array.from(
      { length: count * d * q },
      () => random.normal() * Math.sqrt(spread / (2 * q)),
    ),
    variances: new Float64Array(count).fill(spread / 2),
  }
  return improve(start, x, responsibilities, floor, FIRST_UPDATES)
}

/**
 * The responsibility of each component for each row, [n, K], and the logarithm of the density of each row, [n]. O(n K d q) operations by
 * (F Fᵀ + v I)⁻¹ = (I − F M⁻¹ Fᵀ)/v, M = v I + Fᵀ F (Tipping and Bishop 1999, §3).
 */
export function expect(mixture: FactorMixture, x: Float64Array) {
  const { dimension: d, rank: q, weights, variances } = mixture
  const count = weights.length
  const n = x.length / d
  const inner = Array.from({ length: count }, (_, k) => innerOf(mixture, k))
  const responsibilities = new Float64Array(n * count)
  const logDensities = new Float64Array(n)
  const z = new Float64Array(q)
  for (let i = 0; i < n; i++) {
    let largest = -Infinity
    for (let k = 0; k < count; k++) {
      const { inverse, logDeterminant } = inner[k]
      let square = project(mixture, k, x, i * d, z)
      for (let a = 0; a < q; a++) for (let b = 0; b < q; b++) square -= z[a] * inverse[a * q + b] * z[b]
      const logDensity =
        -(
          square / variances[k] +
          (d - q) * Math.log(variances[k]) +
          logDeterminant +
          d * Math.log(2 * Math.PI)
        ) / 2
      const joint = weights[k] > 0 ? Math.log(weights[k]) + logDensity : -Infinity
      responsibilities[i * count + k] = joint
      largest = Math.max(largest, joint)
    }
    let total = 0
    for (let k = i * count; k < (i + 1) * count; k++)
      total += responsibilities[k] = Math.exp(responsibilities[k] - largest)
    for (let k = i * count; k < (i + 1) * count; k++) responsibilities[k] /= total
    logDensities[i] = largest + Math.log(total)
  }
  return { responsibilities, logDensities }
}

/**
 * The mixture after weights and means have been maximised given the responsibilities, and factors and noise have been updated by EM given
 * those means (Tipping and Bishop 1999, appendix C). Every part raises the expected log-likelihood, and so the whole the likelihood, also
 * where the variance of the noise is kept at its floor.
 */
export function improve(
  mixture: FactorMixture,
  x: Float64Array,
  responsibilities: Float64Array,
  floor: number,
  updates = UPDATES,
): FactorMixture {
  const d = mixture.dimension
  const count = mixture.weights.length
  const n = x.length / d
  const next: FactorMixture = {
    ...mixture,
    weights: new Float64Array(count),
    means: mixture.means.slice(),
    factors: mixture.factors.slice(),
    variances: mixture.variances.slice(),
  }
  for (let k = 0; k < count; k++) {
    const rows: number[] = []
    let total = 0
    for (let i = 0; i < n; i++) {
      const share = responsibilities[i * count + k]
      if (share <= NOTHING) continue
      rows.push(i)
      total += share
    }
    next.weights[k] = total / n
    if (total <= NOTHING * n) continue
    const own = Float64Array.from(rows, (i) => responsibilities[i * count + k] / total)
    next.means.fill(0, k * d, (k + 1) * d)
    rows.forEach((i, at) => {
      for (let j = 0; j < d; j++) next.means[k * d + j] += own[at] * x[i * d + j]
    })
    for (let update = 0; update < updates; update++) updateFactors(next, k, x, rows, own, floor)
  }
  const sum = next.weights.reduce((a, b) => a + b, 0)
  for (let k = 0; k < count; k++) next.weights[k] /= sum
  return next
}

/** One EM update of F_k and v_k, in place: F ← S F (v M + Fᵀ S F)⁻¹ M, v ← (tr S − tr(S F M⁻¹ F′ᵀ))/d with S the weighted covariance. */
function updateFactors(
  mixture: FactorMixture,
  k: number,
  x: Float64Array,
  rows: readonly number[],
  shares: Float64Array,
  floor: number,
): void {
  const { dimension: d, rank: q, means, factors, variances } = mixture
  const { matrix, inverse } = innerOf(mixture, k)
  const z = new Float64Array(q)
  const product = new Float64Array(d * q)
  let trace = 0
  rows.forEach((i, at) => {
    trace += shares[at] * project(mixture, k, x, i * d, z)
    for (let j = 0; j < d; j++) {
      const weight = shares[at] * (x[i * d + j] - means[k * d + j])
      for (let a = 0; a < q; a++) product[j * q + a] += weight * z[a]
    }
  })
  const own = factors.subarray(k * d * q, (k + 1) * d * q)
  const sum = matrix.map((value) => variances[k] * value)
  for (let j = 0; j < d; j++)
    for (let a = 0; a < q; a++)
      for (let b = 0; b < q; b++) sum[a * q + b] += own[j * q + a] * product[j * q + b]
  const inverted = new Float64Array(q * q)
  invertPositive(sum, q, inverted)
  // M is symmetric
  const turn = new Float64Array(q * q)
  multiplyRows(matrix, q, inverted, turn)
  let explained = 0
  for (let j = 0; j < d; j++) {
    for (let a = 0; a < q; a++) {
      own[j * q + a] = 0
      for (let b = 0; b < q; b++) own[j * q + a] += product[j * q + b] * turn[b * q + a]
    }
    for (let a = 0; a < q; a++)
      for (let b = 0; b < q; b++) explained += product[j * q + a] * inverse[a * q + b] * own[j * q + b]
  }
  variances[k] = Math.max(floor, (trace - explained) / d)
}

/** M = v I + Fᵀ F of a component, its inverse and log det M. */
function innerOf({ dimension: d, rank: q, factors, variances }: FactorMixture, k: number) {
  const matrix = new Float64Array(q * q)
  for (let j = k * d; j < (k + 1) * d; j++)
    for (let a = 0; a < q; a++)
      for (let b = 0; b < q; b++) matrix[a * q + b] += factors[j * q + a] * factors[j * q + b]
  for (let a = 0; a < q; a++) matrix[a * (q + 1)] += variances[k]
  const inverse = new Float64Array(q * q)
  const logDeterminant = invertPositive(matrix.slice(), q, inverse)
  return { matrix, inverse, logDeterminant }
}

/** z = F_kᵀ(x − μ_k) for the row that begins at `start`; returns |x − μ_k|². */
function project(
  { dimension: d, rank: q, means, factors }: FactorMixture,
  k: number,
  x: Float64Array,
  start: number,
  z: Float64Array,
): number {
  z.fill(0)
  let square = 0
  for (let j = 0, at = k * d; j < d; j++, at++) {
    const away = x[start + j] - means[at]
    square += away * away
    for (let a = 0; a < q; a++) z[a] += factors[at * q + a] * away
  }
  return square
}

/** tr Cov of the rows. */
export function totalVariance(x: Float64Array, d: number): number {
  const n = x.length / d
  const mean = new Float64Array(d)
  for (let at = 0; at < x.length; at++) mean[at % d] += x[at] / n
  let sum = 0
  for (let at = 0; at < x.length; at++) sum += (x[at] - mean[at % d]) ** 2 / n
  return sum
}
