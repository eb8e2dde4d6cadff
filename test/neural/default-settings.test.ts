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

describe('coarse steps', () => {
  const mixture = (dimension: number, count: number, variance = 0.2) =>
    createProblem({
      process: { kind: 've' },
      data: {
        kind: 'mixture',
        weights: Array(count).fill(1 / count),
        means: Array.from({ length: count }, (_, k) =>
          Array.from({ length: dimension }, (_, i) => 3 * Math.sin(1 + k + 2 * i)),
        ),
        covariances: Array.from({ length: count }, (_, k) =>
          Array.from({ length: dimension }, (_, i) =>
            Array.from({ length: dimension }, (_, j) => (i === j ? variance + (k ? 0 : 0.1 * i) : 0)),
          ),
        ),
      },
    }).density

  it('are taken by direct on mixtures from 4 dimensions on, as many as are cheap', () => {
    const steps = (density: Parameters<typeof trainingSettings>[1], loss = 'direct', options = {}) =>
      trainingSettings(loss, density, options).coarseSteps
    expect(trainingSettings('direct', mixture(16, 5))).toMatchObject({
      coarseSteps: 4,
      width: 128,
      layers: 3,
      units: 0,
    })
    expect(steps(mixture(64, 10))).toBe(2)
    expect(steps(mixture(96, 40))).toBe(0)
    expect(steps(mixture(3, 4))).toBe(0)
    expect(steps(gaussian(16))).toBe(0)
    expect(steps(mixture(16, 5), 'cd')).toBe(0)
    expect(steps(mixture(16, 5), 'direct', { network: 'film' })).toBe(0)
    expect(steps(mixture(16, 5), 'cd', { coarseSteps: 3 })).toBe(3)
    expect(trainingSettings('direct', mixture(16, 5), {}, true).coarseSteps).toBe(0)
  })

  it('are refused where there is nothing to solve coarsely', () => {
    const ask =
      (loss: string, density: Parameters<typeof trainingSettings>[1], options = {}) =>
      () =>
        trainingSettings(loss, density, { coarseSteps: 2, ...options })
    const product = createProblem({
      process: { kind: 've' },
      data: {
        kind: 'product',
        marginals: [
          { weights: [1], means: [0], stds: [1] },
          { weights: [0.5, 0.5], means: [-2, 2], stds: [0.5, 0.5] },
        ],
      },
    }).density
    expect(ask('direct', product)).toThrow(
      /coarseSteps is 2; expected 0: only mixtures .* have coarse steps; this is product data\.$/,
    )
    const { density: factors } = createProblem({
      process: { kind: 've' },
      data: {
        kind: 'mixture',
        weights: [1],
        means: [new Array(12).fill(0)],
        // fewer dimensions would be computed by their covariances
        factors: [Array.from({ length: 12 }, (_, i) => [i % 2])],
        noise: [0.5],
      },
    })
    expect(ask('direct', factors)).toThrow(/not by factors, have coarse steps; this is mixture data\.$/)
    expect(ask('lmd', mixture(4, 2))).toThrow(/coarseSteps is 2; expected 0: the loss lmd/)
    expect(ask('score', mixture(4, 2))).toThrow(/coarseSteps is 2; expected 0: the loss score/)
    expect(ask('pinn', mixture(4, 2), { network: 'film' })).toThrow(/network is "film"; expected mlp/)
    expect(ask('pinn', mixture(4, 2), { units: 8 })).toThrow(/units is 8; expected 0/)
    expect(() => trainingSettings('direct', mixture(4, 2), { coarseSteps: 2 }, true)).toThrow(/of a teacher/)
  })
})
