import { add, mul, sigmoid, sub, type Tensor, tanh } from '@tensorflow/tfjs-core'

/** tanh, SiLU z·sigmoid(z), or none. All are smooth, so the tangent of a network has a gradient. */
export type Activation = 'tanh' | 'silu' | 'linear'

/** φ(z), element by element. */
export function activate(z: Tensor, activation: Activation): Tensor {
  if (activation === 'tanh') return tanh(z)
  if (activation === 'silu') return mul(z, sigmoid(z))
  return z
}

/** [φ(z), φ'(z)], element by element: tanh' = 1 − tanh², SiLU' = σ(z)(1 + z(1 − σ(z))). */
export function activateWithSlope(z: Tensor, activation: Activation): [Tensor, Tensor | null] {
  if (activation === 'linear') return [z, null]
  if (activation === 'tanh') {
    const value = tanh(z)
    return [value, sub(1, mul(value, value))]
  }
  const s = sigmoid(z)
  const value = mul(z, s)
  return [value, add(s, mul(value, sub(1, s)))]
}
