import { EigenvalueDecomposition, Matrix } from 'ml-matrix'
import { InputError } from '../errors.ts'

// the squares of what is larger are not finite
const LARGEST = 1e150

/** Mean and covariance of p_data, the covariance by its eigenvalues and orthonormal eigenvectors. */
export interface Moments {
  /** [d] */
  readonly mean: Float64Array
  /** [d], ascending, ≥ 0 */
  readonly eigenvalues: Float64Array
  /** [d, d] row-major; column j is the eigenvector of eigenvalue j */
  readonly eigenvectors: Float64Array
  /** tr Cov(p_data) = E|X − EX|²: what a relative error is relative to */
  readonly trace: number
  /** The data scale c = √(tr Cov / d) of docs/mathematics.md §2. */
  readonly scale: number
}

/** Eigenvalues (ascending) and eigenvectors (columns, row-major) of a symmetric matrix. */
export interface Eigen {
  readonly values: Float64Array
  readonly vectors: Float64Array
}

/**
 * Diagonalises a covariance.
 *
 * @throws InputError unless it is square of the given size, symmetric and without negative eigenvalues
 */
export function diagonalise(
  covariance: readonly (readonly number[])[],
  dimension: number,
  parameter: string,
): Eigen {
  if (covariance.length !== dimension || covariance.some((row) => row.length !== dimension))
    throw new InputError(parameter, covariance, `a ${dimension} × ${dimension} matrix`)
  const largest = Math.max(...covariance.map((row) => Math.max(...row.map(Math.abs))))
  if (!(largest <= LARGEST)) throw new InputError(parameter, largest, `numbers of at most ${LARGEST}`)
  covariance.forEach((row, i) => {
    row.forEach((value, j) => {
      if (Math.abs(value - covariance[j][i]) > 1e-9 * largest)
        throw new InputError(
          `${parameter}[${i}][${j}]`,
          value,
          `the same as [${j}][${i}]: a covariance is symmetric`,
        )
    })
  })
  // a diagonal matrix keeps its values exactly, however small they are beside the largest
  const diagonal = covariance.every((row, i) => row.every((value, j) => i === j || value === 0))
  const eigen = diagonal
    ? null
    : new EigenvalueDecomposition(new Matrix(covariance.map((row) => [...row])), { assumeSymmetric: true })
  const values = eigen ? eigen.realEigenvalues : covariance.map((row, i) => row[i])
  const order = Array.from(values.keys()).sort((i, j) => values[i] - values[j])
  if (values[order[0]] < -1e-9 * largest)
    throw new InputError(parameter, covariance, 'a covariance without negative eigenvalues')
  const vectors = new Float64Array(dimension * dimension)
  order.forEach((i, column) => {
    for (let row = 0; row < dimension; row++)
      vectors[row * dimension + column] = eigen ? eigen.eigenvectorMatrix.get(row, i) : Number(row === i)
  })
  // otherwise a zero eigenvalue comes out as rounding of the largest
  const rounding = diagonal ? 0 : 1e-15 * values[order[dimension - 1]]
  return { values: Float64Array.from(order, (i) => (values[i] > rounding ? values[i] : 0)), vectors }
}

/**
 * Moments from a mean and a diagonalised covariance.
 *
 * @throws InputError where one of them is not finite or too large to be squared
 */
export function createMoments(mean: Float64Array, eigen: Eigen): Moments {
  const largest = eigen.values.reduce((most, value) => Math.max(most, value), 0)
  if (!(largest <= LARGEST))
    throw new InputError('the covariance of the data', largest, `numbers of at most ${LARGEST}`)
  const far = mean.find((value) => !(Math.abs(value) <= LARGEST))
  if (far !== undefined) throw new InputError('the mean of the data', far, `numbers of at most ${LARGEST}`)
  const trace = eigen.values.reduce((sum, value) => sum + value, 0)
  return {
    mean,
    eigenvalues: eigen.values,
    eigenvectors: eigen.vectors,
    trace,
    scale: Math.sqrt(trace / mean.length),
  }
}

/** Mean and covariance of n weighted points plus `spread` on the diagonal. */
export function pointMoments(
  x: Float64Array,
  dimension: number,
  weights: ArrayLike<number>,
  spread = 0,
): Moments {
  const d = dimension
  const n = x.length / d
  const mean = new Float64Array(d)
  for (let i = 0; i < n; i++) for (let j = 0; j < d; j++) mean[j] += weights[i] * x[i * d + j]
  const covariance = Array.from({ length: d }, () => new Array<number>(d).fill(0))
  for (let i = 0; i < n; i++)
    for (let j = 0; j < d; j++) {
      const row = covariance[j]
      const factor = weights[i] * (x[i * d + j] - mean[j])
      for (let k = 0; k < d; k++) row[k] += factor * (x[i * d + k] - mean[k])
    }
  for (let j = 0; j < d; j++) covariance[j][j] += spread
  return createMoments(mean, diagonalise(covariance, d, 'the covariance of the data'))
}

/**
 * Applies a function of the covariance to each row of x in place: x ← V diag(g(λ)) Vᵀ x, given g at every eigenvalue.
 */
export function applySpectral(moments: Moments, factors: Float64Array, x: Float64Array): void {
  const d = factors.length
  const V = moments.eigenvectors
  const z = new Float64Array(d)
  for (let start = 0; start < x.length; start += d) {
    for (let j = 0; j < d; j++) {
      let sum = 0
      for (let i = 0; i < d; i++) sum += V[i * d + j] * x[start + i]
      z[j] = sum * factors[j]
    }
    for (let i = 0; i < d; i++) {
      let sum = 0
      for (let j = 0; j < d; j++) sum += V[i * d + j] * z[j]
      x[start + i] = sum
    }
  }
}
