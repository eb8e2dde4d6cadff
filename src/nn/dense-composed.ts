import { add, concat, matMul, mul, slice2d, type Tensor1D, type Tensor2D, tidy } from '@tensorflow/tfjs-core'
import { type Activation, activate, activateWithSlope } from './activation.ts'

// The layers of dense.ts from plain operations, for every backend; their gradients follow from those of the operations.

export function composedDense(h: Tensor2D, W: Tensor2D, b: Tensor1D, activation: Activation): Tensor2D {
  return tidy(() => activate(add(matMul(h, W), b), activation) as Tensor2D)
}

export function composedDualDense(H: Tensor2D, W: Tensor2D, b: Tensor1D, activation: Activation): Tensor2D {
  return tidy(() => {
    const [z, dz] = halves(matMul(H, W))
    return dualActivate(add(z, b), dz, activation)
  })
}

export function composedFilm(
  h: Tensor2D,
  tau: Tensor2D,
  W: Tensor2D,
  S: Tensor2D,
  C: Tensor2D,
  b: Tensor1D,
  activation: Activation,
): Tensor2D {
  return tidy(() => {
    const z = add(add(matMul(h, W), matMul(tau, S)), b)
    return mul(activate(z, activation), add(1, matMul(tau, C))) as Tensor2D
  })
}

export function composedDualFilm(
  H: Tensor2D,
  Tau: Tensor2D,
  W: Tensor2D,
  S: Tensor2D,
  C: Tensor2D,
  b: Tensor1D,
  activation: Activation,
): Tensor2D {
  return tidy(() => {
    const [z, dz] = halves(add(matMul(H, W), matMul(Tau, S)))
    const [a, da] = halves(dualActivate(add(z, b), dz, activation))
    const [g, dg] = halves(matMul(Tau, C))
    const gain = add(1, g)
    return concat([mul(a, gain), add(mul(da, gain), mul(a, dg))], 0) as Tensor2D
  })
}

function halves(H: Tensor2D): [Tensor2D, Tensor2D] {
  const [rows, columns] = H.shape
  const n = rows / 2
  return [slice2d(H, [0, 0], [n, columns]), slice2d(H, [n, 0], [n, columns])]
}

function dualActivate(z: Tensor2D, dz: Tensor2D, activation: Activation): Tensor2D {
  const [value, slope] = activateWithSlope(z, activation)
  return concat([value, slope === null ? dz : mul(slope, dz)], 0) as Tensor2D
}
