import { slice2d, type Tensor, type Tensor1D, type Tensor2D } from '@tensorflow/tfjs-core'
import type { Architecture } from '../architecture.ts'
import { dense, dualDense, dualFilm, film as filmLayer } from '../dense.ts'
import type { Network } from '../network.ts'
import { filmParameters } from '../parameters/film.ts'
import { timeFeatures } from '../time-features.ts'

/**
 * Layers gated by the time, h ← tanh(hW + τS + b) ⊙ (1 + τC), where τ is two tanh layers of the time features
 * (docs/mathematics.md §7): the better network from about 64 dimensions on.
 */
export function film(architecture: Architecture): Network {
  const { dimension, layers } = architecture
  const features = timeFeatures(architecture)
  const parameters = filmParameters(architecture)
  const run =
    (layer: typeof dense, gated: typeof filmLayer) => (weights: readonly Tensor[], inputs: Tensor2D) => {
      const rows = inputs.shape[0]
      const matrices = weights as readonly Tensor2D[]
      const vectors = weights as readonly Tensor1D[]
      let tau = slice2d(inputs, [0, dimension], [rows, features])
      tau = layer(tau, matrices[0], vectors[1], 'tanh')
      tau = layer(tau, matrices[2], vectors[3], 'tanh')
      let h = slice2d(inputs, [0, 0], [rows, dimension])
      let at = 4
      for (let k = 0; k < layers; k++, at += 4)
        h = gated(h, tau, matrices[at], matrices[at + 1], matrices[at + 2], vectors[at + 3], 'tanh')
      return layer(h, matrices[at], vectors[at + 1], 'linear')
    }
  return { architecture, parameters, forward: run(dense, filmLayer), dualForward: run(dualDense, dualFilm) }
}
