import { mul, type Tensor } from '@tensorflow/tfjs-core'

/** How many times its root mean square the norm of a gradient may be. */
const LARGEST = 5

/**
 * Gradients, scaled down where their norm is that of an outlier: more than five times √(Σ v̂), the root mean square of the norms before, by
 * the second moments that Adam keeps (global norm clipping, Pascanu et al. 2013, arXiv:1211.5063). One batch with a rare point in a steep place may have a gradient a thousand times larger than others. Adam's step is of the same
 * size then, but its second moments are not: for a hundred steps nothing moves, and SOAP's bases turn to that one batch.
 *
 * @param correction 1 − β₂^k of the k steps before; 0 at the first, where nothing is known
 */
export function clipOutlier(
  gradients: readonly Tensor[],
  powers: readonly Tensor[],
  correction: number,
): readonly Tensor[] {
  if (correction === 0) return gradients
  const usual = powers.reduce((all, power) => all + sum(power.dataSync(), (value) => value), 0) / correction
  const square = gradients.reduce(
    (all, gradient) => all + sum(gradient.dataSync(), (value) => value * value),
    0,
  )
  const share = LARGEST * Math.sqrt(usual / square)
  // what is not finite is left to be seen
  if (!(share < 1)) return gradients
  return gradients.map((gradient) => mul(gradient, share))
}

function sum(values: ArrayLike<number>, of: (value: number) => number): number {
  let all = 0
  for (let i = 0; i < values.length; i++) all += of(values[i])
  return all
}
