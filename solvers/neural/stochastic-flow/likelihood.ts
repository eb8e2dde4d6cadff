import {
  add,
  exp,
  matMul,
  mul,
  type Scalar,
  square,
  sub,
  sum,
  type Tensor2D,
  tensor2d,
  tidy,
} from '@tensorflow/tfjs-core'

/** The shape of G: a triangle, or its diagonal alone. */
export type GaussianShape = 'cholesky' | 'diagonal'

export const gaussianShapes: readonly GaussianShape[] = ['cholesky', 'diagonal']

/** How many numbers a network gives for one point: the mean, the logarithms of the diagonal and, for `cholesky`, the triangle below it. */
export function outputCount(shape: GaussianShape, d: number): number {
  return 2 * d + (shape === 'cholesky' ? (d * (d - 1)) / 2 : 0)
}

/** The Gaussian negative log-likelihood of targets, differentiable in what a network says of them. */
interface Likelihood {
  /**
   * The mean over rows of ½|r|² − Σ a_i, without the constant (d/2) log 2π, where r_i = e^{a_i} (δ_i + Σ_{j<i} l_ij δ_j) and δ = target − m.
   * The covariance is then (R ᵀR)^{-1} with R = diag(e^a) (I + l), the modified Cholesky form (Pourahmadi 1999, doi:10.1093/biomet/86.3.677).
   *
   * @param output [n, outputCount]: m, a and the l_ij row by row
   * @param target [n, d]
   */
  value(output: Tensor2D, target: Tensor2D): Scalar
  dispose(): void
}

export function likelihood(shape: GaussianShape, d: number): Likelihood {
  const count = outputCount(shape, d)
  const pairs = count - 2 * d
  // products with matrices of 0 and 1 in place of slices, whose gradient is expensive
  const columns = (from: number, number: number) =>
    tensor2d(
      Float32Array.from({ length: count * number }, (_, i) =>
        Number(Math.floor(i / number) === from + (i % number)),
      ),
      [count, number],
    )
  const [means, diagonal] = [columns(0, d), columns(d, d)]
  const triangle = pairs > 0 ? { values: columns(2 * d, pairs), ...pairMatrices(d, pairs) } : null
  return {
    value: (output, target) =>
      tidy(() => {
        const a = matMul(output, diagonal)
        const delta = sub(target, matMul(output, means)) as Tensor2D
        const below = triangle
          ? matMul(
              mul(matMul(output, triangle.values), matMul(delta, triangle.choose)) as Tensor2D,
              triangle.gather,
            )
          : null
        const r = mul(exp(a), below ? add(delta, below) : delta)
        return mul(sum(sub(mul(square(r), 0.5), a)), 1 / output.shape[0]) as Scalar
      }),
    dispose() {
      for (const one of [means, diagonal, ...Object.values(triangle ?? {})]) one.dispose()
    },
  }
}

/** Of the pairs j < i, row by row: column p of `choose` picks δ_j, row p of `gather` adds to r_i. */
function pairMatrices(d: number, pairs: number): { readonly choose: Tensor2D; readonly gather: Tensor2D } {
  const choose = new Float32Array(d * pairs)
  const gather = new Float32Array(pairs * d)
  for (let i = 1, p = 0; i < d; i++)
    for (let j = 0; j < i; j++, p++) {
      choose[j * pairs + p] = 1
      gather[p * d + i] = 1
    }
  return { choose: tensor2d(choose, [d, pairs]), gather: tensor2d(gather, [pairs, d]) }
}
