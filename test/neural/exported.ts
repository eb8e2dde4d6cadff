import type { Model } from '../../solvers/neural/index.ts'
import { encodeSafetensors, type Tensor } from '../../src/io/safetensors.ts'
import { mlpParameters } from '../../src/nn/architecture.ts'

// One of our networks as somebody else would write it down: the same function, said from outside.

/** The time features of src/nn/architecture.ts as formulas in t. */
function timeFormulas(c: number): string[] {
  const theta = `atan(t/${c})`
  return [
    `sin(${theta})`,
    `cos(${theta})`,
    `sin(2*${theta})`,
    `cos(2*${theta})`,
    ...[1, 3, 9].map((a) => `atan(${a}*t/${c})`),
  ]
}

function covariance({ moments: { eigenvalues, eigenvectors: V } }: Model): number[][] {
  const d = eigenvalues.length
  return Array.from({ length: d }, (_, i) =>
    Array.from({ length: d }, (_, j) =>
      Array.from(eigenvalues, (value, k) => V[i * d + k] * value * V[j * d + k]).reduce((a, b) => a + b, 0),
    ),
  )
}

/** network.json and weights.safetensors of an `mlp` model. */
export function asNetwork(model: Model): { description: Record<string, unknown>; weights: Uint8Array } {
  const { architecture } = model.description
  const tensors = mlpParameters(architecture).map(({ name, shape }, i): [string, Tensor] => [
    name,
    { shape, data: model.weights[i] },
  ])
  const { layers, dimension } = architecture
  return {
    description: {
      format: 'consistency-pde network',
      formatVersion: 1,
      kind: 'mlp',
      name: 'exported',
      dimension,
      weights: 'weights.safetensors',
      inputs: ['x', ...timeFormulas(model.moments.scale)],
      layout: 'inputs-outputs',
      layers: Array.from({ length: layers + 1 }, (_, k) => ({
        weight: `layer${k}.weight`,
        bias: `layer${k}.bias`,
        ...(k < layers && { activation: 'tanh' }),
      })),
      output: { kind: 'gaussian', mean: Array.from(model.moments.mean), covariance: covariance(model) },
    },
    weights: encodeSafetensors(Object.fromEntries(tensors)),
  }
}
