import { describe, expect, it } from 'vitest'
import { lossNames, trainedMethod } from '../../solvers/neural/index.ts'
import { errors } from './map-error.ts'
import { pair } from './problems.ts'

const options = { backend: 'simd', width: 16, layers: 2, rate: 1e-2 } as const

describe('a short training', () => {
  it.each([
    ['scm', 4, 128, 300],
    ['direct', 6, 128, 300],
    ['lmd', 4, 128, 450],
    ['cd-jump', 4, 128, 300],
    ['scm-ct', 2, 384, 300],
    ['lsd', 2, 384, 300],
    ['psd', 2, 384, 300],
    ['shortcut', 2, 384, 300],
    ['meanflow', 1.8, 384, 300],
  ] as const)(
    'by %s is at least %d times better than the map of the Gaussian',
    async (name, factor, batch, steps) => {
      // the squared norm, whose fixed point is the map: some of these have another metric by default
      const { network, gaussian } = await errors(
        pair,
        trainedMethod(name, { ...options, batch, steps, metric: 'l2' }),
      )
      expect(network).toBeLessThan(gaussian / factor)
    },
  )

  it.each(lossNames)('by %s gives the same bits for the same seed', async (name) => {
    const short = trainedMethod(name, { ...options, width: 8, batch: 16, steps: 10 })
    const x = Float64Array.from({ length: 20 }, (_, i) => i - 10)
    const values = async (seed: number) =>
      (await short.solveVe(pair.density, { time: 5, seed })).evaluate(5, x)
    const first = await values(1)
    expect(await values(1)).toEqual(first)
    expect(await values(2)).not.toEqual(first)
  })
})
