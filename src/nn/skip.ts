import {
  add,
  concat,
  type GradFunc,
  mul,
  registerGradient,
  slice2d,
  type Tensor,
  type Tensor2D,
  tidy,
} from '@tensorflow/tfjs-core'
import { hasKernel, runKernel } from './fused.ts'

// The combination of a network's output with its skip, Y = y + sF with s = sin²θ (docs/mathematics.md §7), and its tangent along a
// direction, Ẏ = ẏ + ṡF + sḞ: along the flow that is the residual of the transport equation. Both are differentiable in F and in
// the rest; the factors are constants.

/**
 * Y = y + sF.
 *
 * @param F [n, d]
 * @param s [n, 1]
 * @param y [n, d]
 */
export function skip(F: Tensor2D, s: Tensor2D, y: Tensor2D): Tensor2D {
  return hasKernel('Skip') ? fusedSkip('value', F, s, y) : composedSkip(F, s, y)
}

/**
 * Ẏ = ẏ + ṡF + sḞ alone.
 *
 * @param F [2n, d], F on top, Ḟ below
 * @param factors [2n, 1], ṡ on top, s below: the factors of the rows of F
 * @param rate [n, d], ẏ
 */
export function skipRate(F: Tensor2D, factors: Tensor2D, rate: Tensor2D): Tensor2D {
  return hasKernel('Skip') ? fusedSkip('rate', F, factors, rate) : composedSkipRate(F, factors, rate)
}

/**
 * Y with Ẏ below it.
 *
 * @param F [2n, d], F on top, Ḟ below
 * @param factors [2n, 1], ṡ on top, s below
 * @param y [2n, d], y on top, ẏ below
 */
export function dualSkip(F: Tensor2D, factors: Tensor2D, y: Tensor2D): Tensor2D {
  return hasKernel('Skip') ? fusedSkip('both', F, factors, y) : composedDualSkip(F, factors, y)
}

/** `skip` from plain operations, for every backend. */
export function composedSkip(F: Tensor2D, s: Tensor2D, y: Tensor2D): Tensor2D {
  return tidy(() => add(y, mul(s, F)) as Tensor2D)
}

/** `skipRate` from plain operations. */
export function composedSkipRate(F: Tensor2D, factors: Tensor2D, rate: Tensor2D): Tensor2D {
  return tidy(() => {
    const [first, second] = halves(mul(F, factors) as Tensor2D)
    return add(add(first, second), rate) as Tensor2D
  })
}

/** `dualSkip` from plain operations. */
export function composedDualSkip(F: Tensor2D, factors: Tensor2D, y: Tensor2D): Tensor2D {
  return tidy(() => {
    const [value] = halves(F)
    const [, s] = halves(factors)
    const [start, rate] = halves(y)
    return concat([composedSkip(value, s, start), composedSkipRate(F, factors, rate)], 0)
  })
}

function halves(x: Tensor2D): [Tensor2D, Tensor2D] {
  const [rows, columns] = x.shape
  return [slice2d(x, [0, 0], [rows / 2, columns]), slice2d(x, [rows / 2, 0], [rows / 2, columns])]
}

/** What the kernel computes of a skip and its tangent. */
export type SkipForm = 'value' | 'rate' | 'both'

function fusedSkip(form: SkipForm, F: Tensor2D, factors: Tensor2D, base: Tensor2D): Tensor2D {
  return runKernel('Skip', { F, factors, base }, { form })[0] as Tensor2D
}

registerGradient({
  kernelName: 'Skip',
  inputsToSave: ['factors'],
  gradFunc: ((g: Tensor, [factors]: Tensor[], attributes: { form: SkipForm }) => ({
    F: () => runKernel('SkipGradient', { g, factors }, attributes)[0],
    base: () => mul(g, 1),
  })) as unknown as GradFunc,
})
