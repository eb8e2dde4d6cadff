import {
  cast,
  concat,
  mul,
  pad,
  reshape,
  slice,
  split,
  stack,
  sum,
  type Tensor,
  transpose,
  unstack,
  util,
  where,
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
