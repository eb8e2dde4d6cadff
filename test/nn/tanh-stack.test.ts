import {
  grads,
  mul,
  ones,
  sum,
  type Tensor,
  type Tensor2D,
  tensor,
  tidy,
  type Variable,
  variable,
  variableGrads,
} from '@tensorflow/tfjs-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { useBackend } from '../../src/backend/index.ts'
import { composedTanhStack, tanhStack } from '../../src/nn/fused.ts'
import { available } from '../backend/available.ts'
import { centralDifferences, distance } from './central-differences.ts'
import { exactLayer, type Matrix, randomMatrix } from './float64-layers.ts'

// One layer, odd sizes, rows for one part and for several, a width over one block of 512 columns and 256 terms.
const sizes = [
  { n: 1, widths: [1, 1] },
  { n: 7, widths: [3, 5, 2] },
  { n: 257, widths: [3, 18, 33, 2] },
  { n: 130, widths: [9, 20, 20, 20, 16] },
  { n: 140, widths: [4, 523, 270, 3] },
]
const cases = sizes.flatMap((size) => [false, true].map((dual) => ({ ...size, dual })))
type Case = (typeof cases)[number]

/** The inputs, then W₀, b₀, W₁, b₁, … */
function matricesOf({ n, widths, dual }: Case): Matrix[] {
  const layers = widths
    .slice(1)
    .flatMap((columns, k) => [
      randomMatrix(widths[k], columns, `W${k}`, 1 / Math.sqrt(widths[k])),
      randomMatrix(1, columns, `b${k}`, 0.3),
    ])
  return [randomMatrix(dual ? 2 * n : n, widths[0], 'inputs'), ...layers]
}

function exactStack([inputs, ...weights]: readonly Matrix[], dual: boolean): Matrix {
  let H = inputs
  for (let k = 0; k < weights.length; k += 2) {
    const activation = k + 2 < weights.length ? 'tanh' : 'linear'
    const values = exactLayer({ H, W: weights[k], b: weights[k + 1] }, activation, dual)
    H = { rows: H.rows, columns: weights[k].columns, values }
  }
  return H
}

const weightsOf = ({ n, widths, dual }: Case) =>
  randomMatrix(dual ? 2 * n : n, widths[widths.length - 1], 'weights')

const toTensor = ({ rows, columns, values }: Matrix, k: number): Tensor =>
  tensor(Float32Array.from(values), k > 0 && k % 2 === 0 ? [columns] : [rows, columns])

/** The output and the gradients of inputs and weights. */
function results(one: Case, stack: typeof tanhStack): Float32Array[] {
  const tensors = matricesOf(one).map(toTensor)
  const found = tidy(() => {
    const f = (...[x, ...weights]: Tensor[]) => stack(x as Tensor2D, weights, one.dual)
    const value = f(...tensors)
    const w = tensor(Float32Array.from(weightsOf(one).values), value.shape)
    return [value, ...grads((...parts: Tensor[]) => sum(mul(f(...parts), w)))(tensors)]
  })
  const arrays = found.map((part) => Float32Array.from(part.dataSync()))
  for (const part of [...found, ...tensors]) part.dispose()
  return arrays
}

describe.each(available)('a stack of layers on %s', (backend) => {
  beforeAll(async () => {
    await useBackend(backend)
  }, 60_000)

  it.each(cases)('equals float64 (n = $n, widths $widths, dual $dual)', (one) => {
    expect(distance(results(one, tanhStack)[0], exactStack(matricesOf(one), one.dual).values)).toBeLessThan(
      3e-6,
    )
  })

  // float64 by plain loops: not the largest
  it.each(cases.filter(({ widths }) => Math.max(...widths) < 100))(
    'has the gradient of central differences (n = $n, widths $widths, dual $dual)',
    (one) => {
      const [, ...slopes] = results(one, tanhStack)
      const matrices = matricesOf(one)
      const w = weightsOf(one).values
      const loss = () =>
        exactStack(matrices, one.dual).values.reduce((total, value, i) => total + value * w[i], 0)
      for (const [k, { values }] of matrices.entries()) {
        const { entries, slopes: exact } = centralDifferences(values, loss, 8)
        expect(
          distance(
            entries.map((i) => slopes[k][i]),
            exact,
          ),
        ).toBeLessThan(1e-5)
      }
    },
  )
})

describe('the fused stack', () => {
  afterAll(async () => {
    await useBackend('simd', { threads: 1 })
  })

  it.each([false, true])('equals its composition, system BLAS %s', async (blas) => {
    const found = await useBackend('simd', { blas }).then(
      () => true,
      () => false,
    )
    if (!found) return expect(blas).toBe(true)
    for (const one of cases) {
      const [fused, composed] = [results(one, tanhStack), results(one, composedTanhStack)]
      for (const [k, part] of fused.entries()) expect(distance(part, composed[k])).toBeLessThan(1e-5)
    }
  })

  it('gives the same bits on one thread, two and three', async () => {
    const found: Float32Array[][] = []
    for (const threads of [1, 2, 3]) {
      await useBackend('simd', { threads })
      found.push(cases.flatMap((one) => results(one, tanhStack)))
    }
    expect(found[1]).toEqual(found[0])
    expect(found[2]).toEqual(found[0])
  })

  it('has gradients where the inputs depend on variables too', async () => {
    await useBackend('simd')
    const one = cases[5]
    const tensors = matricesOf(one).map(toTensor)
    const scale: Variable = variable(ones([1, one.widths[0]]))
    const direct = results({ ...one }, tanhStack)
    const w = tensor(Float32Array.from(weightsOf(one).values), [2 * one.n, 2])
    const variables = [scale, ...tensors.slice(1).map((value) => variable(value))]
    const { grads: found } = variableGrads(
      () => sum(mul(tanhStack(mul(tensors[0], scale) as Tensor2D, variables.slice(1), true), w)) as never,
      variables,
    )
    // Σ over the rows of x ⊙ ∂/∂x
    const columns = one.widths[0]
    const expected = new Float64Array(columns)
    for (const [i, value] of matricesOf(one)[0].values.entries())
      expected[i % columns] += value * direct[1][i]
    expect(distance(found[scale.name].dataSync(), expected)).toBeLessThan(1e-5)
    expect(Array.from(found[variables[1].name].dataSync())).toEqual(Array.from(direct[2]))
  })
})
