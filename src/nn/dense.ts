import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import type { Activation } from './activation.ts'
import { composedDense, composedDualDense, composedDualFilm, composedFilm } from './dense-composed.ts'
import { fusedDense, fusedFilm } from './dense-fused.ts'
import { hasKernel } from './fused.ts'

export type { Activation } from './activation.ts'

/**
 * One layer φ(hW + b) (docs/mathematics.md §7), differentiable in h, W and b.
 *
 * @param h [n, in]
 * @param W [in, out]
 * @param b [out]
 * @returns [n, out]
 */
export function dense(h: Tensor2D, W: Tensor2D, b: Tensor1D, activation: Activation): Tensor2D {
  if (hasKernel('Dense')) return fusedDense(h, W, b, activation, false)
  return composedDense(h, W, b, activation)
}

/**
 * One layer on values and their tangents at once: φ(hW + b) and φ'(hW + b) ⊙ (ḣW), differentiable in H, W and b.
 * Both halves share one tensor, so that one matrix product serves both.
 *
 * @param H [2n, in]: rows 0 … n−1 are the values h, rows n … 2n−1 their tangents ḣ
 * @param W [in, out]
 * @param b [out]
 * @returns [2n, out], values on top, tangents below
 */
export function dualDense(H: Tensor2D, W: Tensor2D, b: Tensor1D, activation: Activation): Tensor2D {
  if (hasKernel('Dense')) return fusedDense(H, W, b, activation, true)
  return composedDualDense(H, W, b, activation)
}

/**
 * A layer gated by features τ of the time: φ(hW + τS + b) ⊙ (1 + τC) (docs/mathematics.md §7, FiLM).
 * Differentiable in every tensor.
 *
 * @param h [n, in]
 * @param tau [n, k], row by row the features of the same time as h
 * @param W [in, out]
 * @param S [k, out], the shift
 * @param C [k, out], the scale
 * @param b [out]
 * @returns [n, out]
 */
export function film(
  h: Tensor2D,
  tau: Tensor2D,
  W: Tensor2D,
  S: Tensor2D,
  C: Tensor2D,
  b: Tensor1D,
  activation: Activation,
): Tensor2D {
  if (hasKernel('Film')) return fusedFilm(h, tau, W, S, C, b, activation, false)
  return composedFilm(h, tau, W, S, C, b, activation)
}

/**
 * `film` on values and their tangents: with a = φ(hW + τS + b), ȧ = φ' ⊙ (ḣW + τ̇S), g = 1 + τC the rows are a ⊙ g and
 * ȧ ⊙ g + a ⊙ τ̇C. τ has a tangent of its own, since it depends on the time. Differentiable in every tensor.
 *
 * @param H [2n, in], values on top, tangents below
 * @param Tau [2n, k], values on top, tangents below
 * @returns [2n, out], values on top, tangents below
 */
export function dualFilm(
  H: Tensor2D,
  Tau: Tensor2D,
  W: Tensor2D,
  S: Tensor2D,
  C: Tensor2D,
  b: Tensor1D,
  activation: Activation,
): Tensor2D {
  if (hasKernel('Film')) return fusedFilm(H, Tau, W, S, C, b, activation, true)
  return composedDualFilm(H, Tau, W, S, C, b, activation)
}
