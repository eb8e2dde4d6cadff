import {
  cast,
  concat,
  equal,
  mul,
  onesLike,
  pad,
  reshape,
  slice,
  split,
  stack,
  sum,
  type Tensor,
  transpose,
  unsortedSegmentSum,
  unstack,
  util,
  where,
  zeros,
  zerosLike,
} from '@tensorflow/tfjs-core'
import type { Gradient } from './define.ts'

const reshaped: Gradient = { inputs: ['x'], gradient: (dy, [x]) => ({ x: () => reshape(dy, x.shape) }) }

/** Gradients of the kernels that move numbers without changing them. */
export const shapeGradients: Readonly<Record<string, Gradient>> = {
  Identity: { gradient: (dy) => ({ x: () => cast(dy, 'float32') }) },
  Cast: { gradient: (dy) => ({ x: () => cast(dy, 'float32') }) },
  ZerosLike: { gradient: (dy) => ({ x: () => zerosLike(dy) }) },
  Reshape: reshaped,
  ExpandDims: { inputs: ['input'], gradient: (dy, [x]) => ({ input: () => reshape(dy, x.shape) }) },
  Transpose: {
    gradient: (dy, _, { perm }) => {
      const back: number[] = []
      for (const [to, from] of (perm as number[]).entries()) back[from] = to
      return { x: () => transpose(dy, back) }
    },
  },
  Slice: {
    inputs: ['x'],
    gradient: (dy, [x], { begin }) => ({
      x: () =>
        pad(
          dy,
          x.shape.map((n, i) => [begin[i], n - begin[i] - dy.shape[i]]),
        ),
    }),
  },
  PadV2: {
    inputs: ['x'],
    gradient: (dy, [x], { paddings }) => ({
      x: () =>
        slice(
          dy,
          (paddings as [number, number][]).map(([before]) => before),
          x.shape,
        ),
    }),
  },
  Concat: {
    allInputs: true,
    gradient: (dy, saved, { axis }) => {
      const along = util.parseAxisParam(axis, saved[0].shape)[0]
      const parts = split(
        dy,
        saved.map(({ shape }) => shape[along]),
        along,
      )
      return Object.fromEntries(parts.map((part, i) => [i, () => part]))
    },
  },
  SplitV: {
    gradient: (dy, _, { axis }) => ({ x: () => concat(dy as unknown as Tensor[], axis) }),
  },
  Pack: {
    gradient: (dy, _, { axis }) => Object.fromEntries(unstack(dy, axis).map((part, i) => [i, () => part])),
  },
  Unpack: {
    gradient: (dy, _, { axis }) => ({ value: () => stack(dy as unknown as Tensor[], axis) }),
  },
  Tile: {
    inputs: ['x'],
    gradient: (dy, [x], { reps }) => ({
      x: () => {
        // [r₁, n₁, r₂, n₂, …], then the copies are added up
        const shape = x.shape.flatMap((n, i) => [reps[i] as number, n])
        return sum(
          reshape(dy, shape),
          x.shape.map((_, i) => 2 * i),
        )
      },
    }),
  },
  Select: {
    inputs: ['condition'],
    gradient: (dy, [condition]) => ({
      condition: () => zerosLike(cast(condition, 'float32')),
      t: () => mul(dy, cast(condition, 'float32')),
      e: () => where(condition, zerosLike(dy), dy),
    }),
  },
}

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
