import { type Tensor, tensor, type Variable, variable } from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import { useBackend } from '../../src/backend/index.ts'
import { optimisers } from '../../src/nn/optimisers/index.ts'

await useBackend('simd')

// every shape that a network's parameters have: a matrix, a vector, and vectors of the same kind
const SHAPES = [[4, 6], [5], [3, 1, 4]]
const STEPS = 300
const RATE = 0.05

/** ½ Σ k (x_k − sin k)², so that the curvatures differ by the number of values. */
const slope = (value: number, k: number) => ((k % 7) + 1) * (value - Math.sin(k))

function startingPoint(): Variable[] {
  return SHAPES.map((shape) => {
    const size = shape.reduce((product, n) => product * n, 1)
    return variable(
      tensor(
        Float32Array.from({ length: size }, (_, k) => Math.cos(3 * k)),
        shape,
      ),
    )
  })
}

const values = (variables: readonly Variable[]) => variables.map((one) => Float32Array.from(one.dataSync()))

const gradients = (variables: readonly Variable[]): Tensor[] =>
  variables.map((one) => tensor(Float32Array.from(one.dataSync(), slope), one.shape))

const distance = (variables: readonly Variable[]) =>
  Math.max(
    ...values(variables).flatMap((all) => Array.from(all, (value, k) => Math.abs(value - Math.sin(k)))),
  )

/** What the first step changes, and the gradients it was taken with. */
function firstStep(make: (typeof optimisers)[string], rate: number) {
  const variables = startingPoint()
  const before = values(variables)
  const slopes = gradients(variables)
  make()(variables).step(slopes, rate)
  return {
    changes: values(variables).map((after, i) => after.map((value, k) => value - before[i][k])),
    slopes: slopes.map((one) => Float32Array.from(one.dataSync())),
  }
}

describe.each(Object.entries(optimisers))('the optimiser %s', (name, make) => {
  it('says its name', () => {
    const optimiser = make()(startingPoint())
    expect(optimiser.name).toBe(name)
    expect(optimiser.state().name).toBe(name)
  })

  it('finds the minimum of a quadratic from every shape of parameters, with a rate that falls', () => {
    const variables = startingPoint()
    const optimiser = make()(variables)
    const before = distance(variables)
    for (let k = 0; k < STEPS; k++) optimiser.step(gradients(variables), RATE * (1 - k / STEPS))
    expect(distance(variables)).toBeLessThan(1e-2 * before)
  })

  it('steps against the gradient, in proportion to the rate', () => {
    const [whole, half] = [RATE, RATE / 2].map((rate) => firstStep(make, rate))
    whole.changes.forEach((change, i) => {
      const along = change.reduce((sum, value, k) => sum + value * whole.slopes[i][k], 0)
      expect(along).toBeLessThan(0)
      change.forEach((value, k) => {
        expect(half.changes[i][k]).toBeCloseTo(value / 2, 5)
      })
    })
  })

  it('moves nothing where there is no gradient', () => {
    const variables = startingPoint()
    const optimiser = make()(variables)
    for (let k = 0; k < 3; k++)
      optimiser.step(
        variables.map(({ shape, size }) => tensor(new Float32Array(size), shape)),
        RATE,
      )
    expect(values(variables)).toEqual(values(startingPoint()))
  })
})
