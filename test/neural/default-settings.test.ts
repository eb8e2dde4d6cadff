import { describe, expect, it } from 'vitest'
import { trainingSettings } from '../../solvers/neural/settings.ts'
import { createProblem } from '../../src/create/create-problem.ts'

const gaussian = (dimension: number) =>
  createProblem({
    process: { kind: 've' },
    data: {
      kind: 'gaussian',
      mean: Array(dimension).fill(0),
      covariance: Array.from({ length: dimension }, (_, i) =>
        Array.from({ length: dimension }, (_, j) => Number(i === j)),
      ),
    },
  }).density

// what docs/losses.md says was measured, by dimension
const defaults = {
  1: { batch: 1024, network: 'mlp', width: 128, layers: 4, units: 0, rate: 3e-3, intervals: 64 },
  2: { batch: 512, network: 'mlp', width: 128, layers: 4, units: 0, rate: 3e-3, intervals: 64 },
  4: { batch: 512, network: 'mlp', width: 128, layers: 4, units: 16, rate: 3e-3, intervals: 64 },
  5: { batch: 512, network: 'mlp', width: 256, layers: 4, units: 16, rate: 3e-3, intervals: 64 },
  8: { batch: 512, network: 'mlp', width: 256, layers: 4, units: 16, rate: 2e-3, intervals: 64 },
  64: { batch: 512, network: 'mlp', width: 256, layers: 4, units: 16, rate: 2e-3, intervals: 64 },
  65: { batch: 256, network: 'film', width: 512, layers: 1, units: 8, rate: 5e-3, intervals: 64 },
} as const

describe.each(Object.entries(defaults))('in %s dimensions', (dimension, wanted) => {
  const density = gaussian(Number(dimension))

  it('pinn has the published defaults', () => {
    expect(trainingSettings('pinn', density)).toMatchObject({ steps: 12_000, optimiser: 'soap', ...wanted })
  })

  it('cd has no additive part, and a rate of its own', () => {
    const d = Number(dimension)
    const rate = d <= 3 ? 1.5e-3 : d <= 7 ? 3e-3 : 2e-3
    expect(trainingSettings('cd', density)).toMatchObject({ ...wanted, units: 0, rate })
  })
})
