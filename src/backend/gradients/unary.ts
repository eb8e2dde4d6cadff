import {
  add,
  cast,
  cos,
  div,
  exp,
  greater,
  greaterEqual,
  lessEqual,
  logicalAnd,
  mul,
  neg,
  sigmoid,
  sign,
  sin,
  square,
  sub,
  type Tensor,
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
