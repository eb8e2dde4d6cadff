import { type LayerStep, padded } from '../../kernels/network.ts'
import type { Architecture } from '../architecture.ts'
import { timeFeatures } from '../time-features.ts'
import type { NetworkSteps, Weights } from './network-steps.ts'

/** The layers of networks/mlp.ts. */
export function mlpSteps(architecture: Architecture, weights: Weights): NetworkSteps {
  const { dimension: d, width, layers, outputs = d } = architecture
  const steps = Array.from({ length: layers + 1 }, (_, k): LayerStep => {
    const to = k === layers ? 3 : 1 + (k % 2)
    return {
      kind: 'layer',
      from: { buffer: k === 0 ? 0 : 2 - (k % 2), column: 0 },
      to: { buffer: to, column: 0 },
      weight: weights(`layer${k}.weight`),
      bias: weights(`layer${k}.bias`),
      tanh: k < layers,
    }
  })
  return {
    buffers: [padded(d + timeFeatures(architecture)), padded(width), padded(width), padded(outputs)],
    steps,
    y: { buffer: 0, column: 0 },
    features: { buffer: 0, column: d },
    output: { buffer: 3, column: 0 },
  }
}
