import { InputError } from '../../errors.ts'
import { diagonalise, type Eigen } from '../../numeric/moments.ts'
import type { MixtureSpec } from '../../specification/data.ts'

/** Covariances F_k F_kᵀ + diag(ψ_k) of K factor analysers, row-major. */
export interface Analysers {
  readonly count: number
  readonly dimension: number
  /** q, the most factors of a component; those with fewer have columns of zeros. */
  readonly rank: number
  /** F, [K, d, q] */
  readonly factors: Float64Array
  /** ψ, [K, d]: squares of the noise */
  readonly variances: Float64Array
}

/**
 * Reads `factors` and `noise` of a `mixture` problem file.
 *
 * @throws InputError where one of them is missing or their sizes do not fit
 */
export function readFactors({ factors, noise }: MixtureSpec, dimension: number, count: number): Analysers {
  const place = 'problem.data'
  if (!factors) throw new InputError(`${place}.factors`, factors, 'a matrix a component, beside noise')
  if (!noise)
    throw new InputError(
      `${place}.noise`,
      noise,
      'a standard deviation a component, or one a coordinate, beside factors',
    )
  if (factors.length !== count)
    throw new InputError(`${place}.factors`, factors, `${count} matrices, one a weight`)
  if (noise.length !== count) throw new InputError(`${place}.noise`, noise, `${count} entries, one a weight`)
  const rank = Math.max(...factors.map(([row]) => row.length))
  const table = new Float64Array(count * dimension * rank)
  factors.forEach((matrix, k) => {
    if (matrix.length !== dimension)
      throw new InputError(`${place}.factors[${k}]`, matrix, `${dimension} rows, one a coordinate`)
    matrix.forEach((row, i) => {
      if (row.length !== matrix[0].length)
        throw new InputError(
          `${place}.factors[${k}][${i}]`,
          row,
          `${matrix[0].length} numbers, like the first row`,
        )
      table.set(row, (k * dimension + i) * rank)
    })
  })
  const variances = new Float64Array(count * dimension)
  noise.forEach((own, k) => {
    if (typeof own !== 'number' && own.length !== dimension)
      throw new InputError(`${place}.noise[${k}]`, own, `a number, or ${dimension}, one a coordinate`)
    for (let i = 0; i < dimension; i++)
      variances[k * dimension + i] = (typeof own === 'number' ? own : own[i]) ** 2
  })
  return { count, dimension, rank, factors: table, variances }
}

/** F_k F_kᵀ + diag(ψ_k), d rows. */
export function fullCovariance(
  { dimension: d, rank: q, factors, variances }: Analysers,
  k: number,
): number[][] {
  const matrix = Array.from({ length: d }, () => new Array<number>(d).fill(0))
  for (let i = 0; i < d; i++)
    for (let l = 0; l <= i; l++) {
      let sum = i === l ? variances[k * d + i] : 0
      for (let j = 0; j < q; j++) sum += factors[(k * d + i) * q + j] * factors[(k * d + l) * q + j]
      matrix[i][l] = matrix[l][i] = sum
    }
  return matrix
}

/** The covariance of component k, diagonalised. */
export function eigenOf(analysers: Analysers, k: number): Eigen {
  return diagonalise(fullCovariance(analysers, k), analysers.dimension, `problem.data.factors[${k}]`)
}
