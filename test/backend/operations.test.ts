import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { useBackend } from '../../src/backend/index.ts'
import { Random } from '../../src/random/random.ts'
import { available } from './available.ts'

type Operation = (...x: tf.Tensor[]) => tf.Tensor

interface Case {
  readonly name: string
  readonly shapes: number[][]
  readonly f: Operation
  /** Adds this to the random inputs, for functions of positive numbers. */
  readonly shift?: number
}

const one = (name: string, f: Operation, shift = 0): Case => ({ name, shapes: [[5, 3]], f, shift })
const shapes = [
  [
    [5, 3],
    [5, 3],
  ],
  [[5, 3], [3]],
  [
    [5, 3],
    [5, 1],
  ],
  [
    [1, 3],
    [5, 3],
  ],
  [[], [5, 3]],
  [
    [2, 1, 3],
    [4, 1],
  ],
  [
    [2, 3, 2, 1, 2],
    [3, 1, 2, 1],
  ],
]
const two = (name: string, f: Operation, shift = 0): Case[] =>
  shapes.map((pair) => ({ name: `${name} ${JSON.stringify(pair)}`, shapes: pair, f, shift }))

const cases: Case[] = [
  one('neg', tf.neg),
  one('square', tf.square),
  one('abs', tf.abs),
  one('sin', tf.sin),
  one('cos', tf.cos),
  one('tan', (x) => tf.tan(tf.mul(x, 0.3))),
  one('atan', tf.atan),
  one('exp', tf.exp),
  one('expm1', tf.expm1),
  one('erf', tf.erf),
  one('tanh', tf.tanh),
  one('sigmoid', tf.sigmoid),
  one('softplus', tf.softplus),
  one('relu', tf.relu),
  one('sqrt', tf.sqrt, 4),
  one('rsqrt', tf.rsqrt, 4),
  one('reciprocal', tf.reciprocal, 4),
  one('log', tf.log, 4),
  one('log1p', tf.log1p, 4),
  one('clip', (x) => tf.clipByValue(x, -0.5, 0.5)),
  one('reshape', (x) => tf.reshape(x, [3, 5])),
  one('expandDims', (x) => tf.expandDims(x, 1)),
  one('transpose', (x) => tf.transpose(x)),
  one('transpose of three axes', (x) => tf.transpose(tf.reshape(x, [5, 3, 1]), [2, 0, 1])),
  one('slice', (x) => tf.slice(x, [1, 1], [3, 2])),
  one('pad', (x) =>
    tf.pad(x, [
      [1, 0],
      [2, 1],
    ]),
  ),
  one('split', (x) => tf.split(x, [2, 3], 0)[1]),
  one('unstack', (x) => tf.unstack(x, 1)[2]),
  one('tile', (x) => tf.tile(x, [2, 3])),
  one('gather', (x) => tf.gather(x, tf.tensor1d([4, 0, 4], 'int32'))),
  one('clone', (x) => tf.clone(x)),
  one('where', (x) => tf.where(tf.greater(x, 0.2), x, tf.mul(x, 3))),
  one('sum', (x) => tf.sum(x)),
  one('sum over rows', (x) => tf.sum(x, 0)),
  one('sum over columns', (x) => tf.sum(x, 1, true)),
  one('sum over outer axes', (x) => tf.sum(tf.reshape(x, [5, 3, 1]), [0, 2])),
  one('mean', (x) => tf.mean(x, 0)),
  one('max', (x) => tf.max(x, 1)),
  one('logSumExp', (x) => tf.logSumExp(x, 1)),
  {
    name: 'concat',
    shapes: [
      [2, 3],
      [4, 3],
    ],
    f: (a, b) => tf.concat([a, b], 0),
  },
  {
    name: 'concat of columns',
    shapes: [
      [2, 3],
      [2, 1],
    ],
    f: (a, b) => tf.concat([a, b], 1),
  },
  {
    name: 'stack',
    shapes: [
      [2, 3],
      [2, 3],
    ],
    f: (a, b) => tf.stack([a, b], 1),
  },
  ...two('add', tf.add),
  ...two('sub', tf.sub),
  ...two('mul', tf.mul),
  ...two('div', tf.div, 4),
  ...two('squaredDifference', tf.squaredDifference),
  ...two('maximum', tf.maximum),
  ...two('minimum', tf.minimum),
  ...two('atan2', tf.atan2, 4),
  ...two('pow', tf.pow, 4),
  ...[false, true].flatMap((ta) =>
    [false, true].map((tb) => ({
      name: `matMul ${ta} ${tb}`,
      shapes: [ta ? [4, 5] : [5, 4], tb ? [3, 4] : [4, 3]],
      f: ((a, b) => tf.matMul(a as tf.Tensor2D, b as tf.Tensor2D, ta, tb)) as Operation,
    })),
  ),
  {
    name: 'matMul of stacks',
    shapes: [
      [2, 5, 4],
      [2, 4, 3],
    ],
    f: (a, b) => tf.matMul(a, b),
  },
]

function inputsOf({ shapes, shift = 0 }: Case): Float32Array[] {
  const random = Random.stream(9, 'operands')
  // On a lattice of its own for every input, so that no difference is taken across a kink, as max(a, b) has one.
  return shapes.map((shape, k) =>
    Float32Array.from(
      { length: shape.reduce((n, m) => n * m, 1) },
      () => shift + Math.round(16 * random.normal()) / 16 + 0.01 + 0.02 * k,
    ),
  )
}

/** Σ w ⊙ f(x), with weights that tell the entries apart. */
function weighted(one: Case, inputs: Float32Array[]): number {
  const y = tf.tidy(() => one.f(...inputs.map((values, i) => tf.tensor(values.slice(), one.shapes[i]))))
  const values = Float32Array.from(y.dataSync())
  y.dispose()
  return values.reduce((sum, value, i) => sum + value * Math.cos(i), 0)
}

describe.each(available)('operations on %s', (backend) => {
  beforeAll(async () => {
    await useBackend(backend)
  }, 60_000)

  it.each(cases)('the gradient of $name is that of central differences', (one) => {
    const inputs = inputsOf(one)
    const found = tf.tidy(() => {
      const tensors = inputs.map((values, i) => tf.tensor(values.slice(), one.shapes[i]))
      const slopes = tf.grads((...x: tf.Tensor[]) => {
        const y = one.f(...x)
        const w = tf.tensor(
          Float32Array.from({ length: y.size }, (_, i) => Math.cos(i)),
          y.shape,
        )
        return tf.sum(tf.mul(y, w))
      })(tensors)
      return slopes.map((slope) => Float32Array.from(slope.dataSync()))
    })
    for (const [k, values] of inputs.entries()) {
      expect(found[k].length).toBe(values.length)
      for (const [i, kept] of values.entries()) {
        const h = 4e-3
        values[i] = kept + h
        const up = weighted(one, inputs)
        values[i] = kept - h
        const down = weighted(one, inputs)
        values[i] = kept
        const numeric = (up - down) / (2 * h)
        expect(Math.abs(found[k][i] - numeric)).toBeLessThan(2e-3 * (1 + Math.abs(numeric)))
      }
    }
  })
})

it.each(cases)('$name is the same on every backend', async (one) => {
  const results: Float32Array[] = []
  const shapesFound: number[][] = []
  for (const backend of available) {
    await useBackend(backend)
    tf.tidy(() => {
      const y = one.f(...inputsOf(one).map((values, i) => tf.tensor(values, one.shapes[i])))
      results.push(Float32Array.from(y.dataSync()))
      shapesFound.push(y.shape)
    })
  }
  for (const [k, result] of results.entries()) {
    expect(shapesFound[k]).toEqual(shapesFound[0])
    for (const [i, value] of results[0].entries())
      expect(Math.abs(result[i] - value)).toBeLessThan(2e-6 * (1 + Math.abs(value)))
  }
})
