import {
  add,
  broadcast_util,
  cast,
  cos,
  div,
  exp,
  greater,
  greaterEqual,
  less,
  lessEqual,
  log,
  logicalAnd,
  matMul,
  mul,
  neg,
  pow,
  reshape,
  sigmoid,
  sign,
  sin,
  square,
  sub,
  sum,
  type Tensor,
  type Tensor2D,
  where,
  zerosLike,
} from '@tensorflow/tfjs-core'
import type { Gradient } from './define.ts'

/** A gradient dy ⊙ φ'(x) from the input x. */
const ofInput = (slope: (dy: Tensor, x: Tensor) => Tensor): Gradient => ({
  inputs: ['x'],
  gradient: (dy, [x]) => ({ x: () => slope(dy, x) }),
})

/** A gradient dy ⊙ φ'(x) written in the output y = φ(x). */
const ofOutput = (slope: (dy: Tensor, y: Tensor) => Tensor): Gradient => ({
  output: true,
  gradient: (dy, [y]) => ({ x: () => slope(dy, y) }),
})

const flat: Gradient = { gradient: (dy) => ({ x: () => zerosLike(dy) }) }

/** Gradients of the elementwise kernels of one argument. */
export const unaryGradients: Readonly<Record<string, Gradient>> = {
  Neg: { gradient: (dy) => ({ x: () => neg(dy) }) },
  Square: ofInput((dy, x) => mul(dy, mul(2, x))),
  Abs: ofInput((dy, x) => mul(dy, sign(x))),
  Log: ofInput(div),
  Log1p: ofInput((dy, x) => div(dy, add(1, x))),
  Sin: ofInput((dy, x) => mul(dy, cos(x))),
  Cos: ofInput((dy, x) => neg(mul(dy, sin(x)))),
  Atan: ofInput((dy, x) => div(dy, add(1, square(x)))),
  Softplus: ofInput((dy, x) => mul(dy, sigmoid(x))),
  Erf: ofInput((dy, x) => mul(dy, mul(2 / Math.sqrt(Math.PI), exp(neg(square(x)))))),
  Relu: ofInput((dy, x) => mul(dy, cast(greater(x, 0), 'float32'))),
  Sqrt: ofOutput((dy, y) => div(dy, mul(2, y))),
  Rsqrt: ofOutput((dy, y) => mul(dy, mul(-0.5, mul(y, square(y))))),
  Reciprocal: ofOutput((dy, y) => neg(mul(dy, square(y)))),
  Exp: ofOutput(mul),
  Expm1: ofOutput((dy, y) => mul(dy, add(y, 1))),
  Tan: ofOutput((dy, y) => mul(dy, add(1, square(y)))),
  Tanh: ofOutput((dy, y) => mul(dy, sub(1, square(y)))),
  Sigmoid: ofOutput((dy, y) => mul(dy, mul(y, sub(1, y)))),
  Sign: flat,
  Floor: flat,
  Round: flat,
  Step: flat,
  ClipByValue: {
    inputs: ['x'],
    gradient: (dy, [x], { clipValueMin, clipValueMax }) => ({
      x: () =>
        mul(dy, cast(logicalAnd(greaterEqual(x, clipValueMin), lessEqual(x, clipValueMax)), 'float32')),
    }),
  },
}

/** Sums a gradient over the axes along which an input of this shape was broadcast. */
function fold(gradient: Tensor, shape: number[], out: number[]): Tensor {
  const axes = broadcast_util.getReductionAxes(shape, out)
  return reshape(axes.length > 0 ? sum(gradient, axes) : gradient, shape)
}

/** ∂/∂a and ∂/∂b of an elementwise function of two broadcast tensors, from its two partial derivatives times dy. */
function broadcast(
  da: (dy: Tensor, a: Tensor, b: Tensor) => Tensor,
  db: (dy: Tensor, a: Tensor, b: Tensor) => Tensor,
): Gradient {
  return {
    inputs: ['a', 'b'],
    gradient: (dy, [a, b]) => ({
      a: () => fold(da(dy, a, b), a.shape, dy.shape),
      b: () => fold(db(dy, a, b), b.shape, dy.shape),
    }),
  }
}

/** A comparison: its result does not move with its arguments. */
const comparison: Gradient = {
  inputs: ['a', 'b'],
  gradient: (_, [a, b]) => ({ a: () => zerosLike(a), b: () => zerosLike(b) }),
}

const masked = (dy: Tensor, mask: Tensor): Tensor => mul(dy, cast(mask, 'float32'))

/** Gradients of the elementwise kernels of two arguments and of the matrix product. */
export const binaryGradients: Readonly<Record<string, Gradient>> = {
  Add: broadcast(
    (dy) => dy,
    (dy) => dy,
  ),
  Sub: broadcast((dy) => dy, neg),
  Multiply: broadcast(
    (dy, _, b) => mul(dy, b),
    (dy, a) => mul(dy, a),
  ),
  RealDiv: broadcast(
    (dy, _, b) => div(dy, b),
    (dy, a, b) => neg(div(mul(dy, a), square(b))),
  ),
  SquaredDifference: broadcast(
    (dy, a, b) => mul(dy, mul(2, sub(a, b))),
    (dy, a, b) => mul(dy, mul(2, sub(b, a))),
  ),
  Maximum: broadcast(
    (dy, a, b) => masked(dy, greaterEqual(a, b)),
    (dy, a, b) => masked(dy, less(a, b)),
  ),
  Minimum: broadcast(
    (dy, a, b) => masked(dy, lessEqual(a, b)),
    (dy, a, b) => masked(dy, greater(a, b)),
  ),
  Atan2: broadcast(
    (dy, a, b) => mul(dy, div(b, add(square(a), square(b)))),
    (dy, a, b) => neg(mul(dy, div(a, add(square(a), square(b))))),
  ),
  Pow: broadcast(
    (dy, a, b) => mul(dy, mul(b, pow(a, sub(b, 1)))),
    (dy, a, b) => mul(dy, mul(pow(a, b), where(greater(a, 0), log(a), zerosLike(a)))),
  ),
  Greater: comparison,
  GreaterEqual: comparison,
  Less: comparison,
  LessEqual: comparison,
  Equal: comparison,
  NotEqual: comparison,
  BatchMatMul: {
    inputs: ['a', 'b'],
    gradient: (dy, saved, { transposeA, transposeB }) => {
      const [a, b, g] = [...saved, dy] as Tensor2D[]
      return {
        a: () => (transposeA ? matMul(b, g, transposeB, true) : matMul(g, b, false, !transposeB)),
        b: () => (transposeB ? matMul(g, a, true, transposeA) : matMul(a, g, !transposeA, false)),
      }
    },
  },
}
