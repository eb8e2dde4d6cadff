import {
  add,
  concat,
  customGrad,
  exp,
  matMul,
  mul,
  reshape,
  slice,
  sub,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor4D,
  tanh,
  tidy,
} from '@tensorflow/tfjs-core'
import { ROLES } from './architecture.ts'
import { hasKernel, runKernel } from './fused.ts'

/** The sizes of an additive part. */
interface AdditiveSizes {
  readonly dimension: number
  /** Units a coordinate, a multiple of 4. */
  readonly units: number
  /** Whether tangents are on the rows below the values. */
  readonly dual: boolean
}

/**
 * A function of every coordinate alone, Σ_k c_jk tanh(e^{a_jk} (y_j − b_jk)) for coordinate j. The logarithms of the slopes, the
 * positions and the amplitudes of its units are affine in features τ of the time: (a, b, c) = τW + w. Differentiable in τ, W and w; y is a constant.
 *
 * @param inputs [n, d + …], of which the first d columns are y; [2n, …] with tangents below
 * @param tau [n, m], or [2n, m] with tangents below
 * @param W [m, d·3·units]: for each coordinate a of its units, then b, then c
 * @param w [d·3·units]
 * @returns [n, d], or [2n, d] with tangents below
 */
export function additive(
  inputs: Tensor2D,
  tau: Tensor2D,
  W: Tensor2D,
  w: Tensor1D,
  sizes: AdditiveSizes,
): Tensor2D {
  const coefficients: Tensor2D = matMul(tau, W)
  const units = hasKernel('Additive') ? fusedUnits : composedUnits
  return units(inputs, coefficients, w, sizes)
}

type Save = (tensors: Tensor[]) => void

function fusedUnits(
  inputs: Tensor2D,
  coefficients: Tensor2D,
  w: Tensor1D,
  { units, dual }: AdditiveSizes,
): Tensor2D {
  const layer = customGrad((...parts: (Tensor | Save)[]) => {
    const [given, bias] = parts as [Tensor, Tensor]
    const save = parts.at(-1) as Save
    save([given, bias])
    return {
      value: runKernel('Additive', { inputs, coefficients: given, bias }, { units, dual })[0],
      gradFunc: (g: Tensor, saved: Tensor[]) => {
        const [kept, shifts] = saved
        const [D] = runKernel(
          'AdditiveGradient',
          { inputs, coefficients: kept, bias: shifts, g },
          { units, dual },
        )
        const rows = dual ? D.shape[0] / 2 : D.shape[0]
        return [D, runKernel('ColumnSums', { x: D }, { rows })[0]]
      },
    }
  })
  return layer(coefficients, w) as Tensor2D
}

/** The same from plain operations, for every backend. */
export function composedUnits(
  inputs: Tensor2D,
  coefficients: Tensor2D,
  w: Tensor1D,
  { dimension: d, units, dual }: AdditiveSizes,
): Tensor2D {
  return tidy(() => {
    const rows = inputs.shape[0]
    const n = dual ? rows / 2 : rows
    const role = (x: Tensor4D, first: number, index: number): Tensor =>
      reshape(slice(x, [first, 0, index, 0], [x.shape[0] === 1 ? 1 : n, d, 1, units]), [-1, d, units])
    const own = reshape(coefficients, [rows, d, ROLES, units]) as Tensor4D
    const bias = reshape(w, [1, d, ROLES, units]) as Tensor4D
    const [a, b, c] = [0, 1, 2].map((index) => add(role(own, 0, index), role(bias, 0, index)))
    const column = (first: number) => reshape(slice(inputs, [first, 0], [n, d]), [n, d, 1])
    const y = column(0)
    const steep = exp(a)
    const z = mul(steep, sub(y, b))
    const t = tanh(z)
    const value = sum(mul(c, t), 2)
    if (!dual) return value as Tensor2D
    const [da, db, dc] = [0, 1, 2].map((index) => role(own, n, index))
    const dz = add(mul(da, z), mul(steep, sub(column(n), db)))
    const rate = sum(add(mul(dc, t), mul(mul(c, sub(1, mul(t, t))), dz)), 2)
    return concat([value, rate], 0) as Tensor2D
  })
}
