import {
  cast,
  equal,
  mul,
  onesLike,
  reshape,
  type Tensor,
  unsortedSegmentSum,
  util,
  zeros,
} from '@tensorflow/tfjs-core'
import type { Gradient } from './define.ts'

const axesOf = (x: Tensor, axis: number | number[] | null | undefined): number[] =>
  util.parseAxisParam(axis ?? x.shape.map((_, i) => i), x.shape)

/** The shape of x with the reduced axes kept as 1. */
const withOnes = (x: Tensor, axes: number[]): number[] => x.shape.map((n, i) => (axes.includes(i) ? 1 : n))

/** Gradients of sums, means, maxima and of picking rows. */
export const reduceGradients: Readonly<Record<string, Gradient>> = {
  Sum: {
    inputs: ['x'],
    gradient: (dy, [x], { axis }) => ({
      x: () => mul(reshape(dy, withOnes(x, axesOf(x, axis))), onesLike(x)),
    }),
  },
  Mean: {
    inputs: ['x'],
    gradient: (dy, [x], { axis }) => ({
      x: () => {
        const axes = axesOf(x, axis)
        const count = axes.reduce((product, i) => product * x.shape[i], 1)
        return mul(mul(reshape(dy, withOnes(x, axes)), 1 / count), onesLike(x))
      },
    }),
  },
  Max: {
    inputs: ['x'],
    output: true,
    gradient: (dy, [x, y], { reductionIndices }) => ({
      x: () => {
        const shape = withOnes(x, axesOf(x, reductionIndices))
        return mul(reshape(dy, shape), cast(equal(x, reshape(y, shape)), 'float32'))
      },
    }),
  },
  GatherV2: {
    inputs: ['x', 'indices'],
    gradient: (dy, [x, indices], { axis }) => ({
      x: () => {
        if (util.parseAxisParam(axis, x.shape)[0] !== 0 || indices.rank !== 1) {
          throw new Error('The gradient of gather is there for rows by a vector of indices only.')
        }
        return x.shape[0] === 0
          ? zeros(x.shape)
          : unsortedSegmentSum(dy, cast(indices, 'int32') as never, x.shape[0])
      },
    }),
  },
}
