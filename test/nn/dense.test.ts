import {
  grads,
  mul,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  tensor,
  tidy,
} from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { useBackend } from '../../src/backend/index.ts'
import { type Activation, dense, dualDense, dualFilm, film } from '../../src/nn/dense.ts'
import {
  composedDense,
  composedDualDense,
  composedDualFilm,
  composedFilm,
} from '../../src/nn/dense-composed.ts'
import { available } from '../backend/available.ts'
import { centralDifferences, distance } from './central-differences.ts'
import { exactLayer, type LayerInputs, type Matrix, randomMatrix } from './float64-layers.ts'

type Name = keyof LayerInputs

const activations: Activation[] = ['tanh', 'silu', 'linear']
// Odd sizes, and sizes over one block.
const sizes = [
  { n: 1, depth: 1, features: 1, columns: 1 },
  { n: 5, depth: 3, features: 2, columns: 7 },
  { n: 101, depth: 13, features: 9, columns: 18 },
]

const layers = [
  { name: 'dense', dual: false, gated: false, fused: dense, composed: composedDense },
  { name: 'dualDense', dual: true, gated: false, fused: dualDense, composed: composedDualDense },
  { name: 'film', dual: false, gated: true, fused: film, composed: composedFilm },
  { name: 'dualFilm', dual: true, gated: true, fused: dualFilm, composed: composedDualFilm },
] as const

const cases = layers.flatMap((layer) =>
  activations.flatMap((activation) => sizes.map((size) => ({ ...layer, ...size, activation }))),
)
type Case = (typeof cases)[number]

function inputsOf({ n, depth, features, columns, dual, gated }: Case): LayerInputs {
  const rows = dual ? 2 * n : n
  const plain = {
    H: randomMatrix(rows, depth, 'H'),
    W: randomMatrix(depth, columns, 'W', 1 / Math.sqrt(depth)),
    b: randomMatrix(1, columns, 'b'),
  }
  if (!gated) return plain
  return {
    ...plain,
    Tau: randomMatrix(rows, features, 'Tau'),
    S: randomMatrix(features, columns, 'S', 0.5),
    C: randomMatrix(features, columns, 'C', 0.5),
  }
}

const order = (gated: boolean): Name[] => (gated ? ['H', 'Tau', 'W', 'S', 'C', 'b'] : ['H', 'W', 'b'])

const toTensor = (matrix: Matrix, name: Name): Tensor =>
  tensor(Float32Array.from(matrix.values), name === 'b' ? [matrix.columns] : [matrix.rows, matrix.columns])

/** The layer as a function of its tensors in order. */
function call(one: Case, fused: boolean): (...tensors: Tensor[]) => Tensor {
  return (...tensors) => {
    const [H, W, b] = tensors as [Tensor2D, Tensor2D, Tensor1D]
    if (!one.gated) return (fused ? one.fused : one.composed)(H, W, b, one.activation)
    const [h, tau, w, s, c] = tensors as Tensor2D[]
    return (fused ? one.fused : one.composed)(h, tau, w, s, c, tensors[5] as Tensor1D, one.activation)
  }
}

function results(
  one: Case,
  fused: boolean,
  weights: Float64Array,
): { value: Float32Array; slopes: Float32Array[] } {
  const inputs = inputsOf(one)
  const tensors = order(one.gated).map((name) => toTensor(inputs[name] as Matrix, name))
  const layer = call(one, fused)
  const [output, ...found] = tidy(() => {
    const value = layer(...tensors)
    const w = tensor(Float32Array.from(weights), value.shape)
    const slopes = grads((...parts: Tensor[]) => sum(mul(layer(...parts), w)))(tensors)
    return [value, ...slopes]
  })
  const [value, ...slopes] = [output, ...found].map((part) => Float32Array.from(part.dataSync()))
  for (const part of [output, ...found, ...tensors]) part.dispose()
  return { value, slopes }
}

const weightsOf = (one: Case): Float64Array =>
  randomMatrix(one.dual ? 2 * one.n : one.n, one.columns, 'weights').values

describe.each(available)('layers on %s', (backend) => {
  beforeAll(async () => {
    await useBackend(backend)
  }, 60_000)

  it.each(cases)('$name, $activation, n = $n, equals float64', (one) => {
    const { value } = results(one, true, weightsOf(one))
    const exact = exactLayer(inputsOf(one), one.activation, one.dual)
    expect(distance(value, exact)).toBeLessThan(3e-6)
  })

  it.each(cases)('$name, $activation, n = $n, has the gradient of central differences', (one) => {
    const weights = weightsOf(one)
    const inputs = inputsOf(one)
    const { slopes } = results(one, true, weights)
    const loss = () =>
      exactLayer(inputs, one.activation, one.dual).reduce((total, value, i) => total + value * weights[i], 0)
    for (const [k, name] of order(one.gated).entries()) {
      const { values } = inputs[name] as Matrix
      const { entries, slopes: numeric } = centralDifferences(values, loss)
      const found = entries.map((i) => slopes[k][i])
      expect(distance(found, numeric), name).toBeLessThan(1e-5)
    }
  })
})

describe('fused layers against their compositions', () => {
  it.each(cases)('$name, $activation, n = $n', async (one) => {
    await useBackend('simd')
    const weights = weightsOf(one)
    const fused = results(one, true, weights)
    const composed = results(one, false, weights)
    expect(distance(fused.value, composed.value)).toBeLessThan(1e-5)
    for (const [k, slope] of fused.slopes.entries())
      expect(distance(slope, composed.slopes[k])).toBeLessThan(1e-5)
  })
})
