import { describe, expect, it } from 'vitest'
import { type LossName, losses } from '../../solvers/neural/losses/index.ts'
import { freshPoints } from '../../solvers/neural/points/index.ts'
import { useBackend } from '../../src/backend/index.ts'
import { createProblem } from '../../src/create/create-problem.ts'
import { Random } from '../../src/random/random.ts'
import { contextOf } from './fixed-points.ts'

const RARE = 1e-4
await useBackend('cpu')
// in 5 dimensions, where points are fresh by default
const problem = createProblem({
  process: { kind: 've' },
  data: {
    kind: 'mixture',
    weights: [0.6, 0.4 - RARE, RARE],
    means: [
      [0, 0, 0, 0, 0],
      [3, 0, 0, 0, 0],
      [0, 60, 0, 0, 0],
    ],
    stds: [0.5, 0.7, 0.5],
  },
})
const { density, dimension: d } = problem
const [TIME, BATCH, BATCHES] = [10, 512, 60]
const isFar = (x: Float64Array, row: number) => x[d * row + 1] > 40

/** The points of a loss before it makes its targets of them. */
function draw(name: LossName, seed: number) {
  const { context } = contextOf(problem, name, { time: TIME, intervals: 32 })
  const loss = { ...losses[name]({ solver: 'heun' }), prepareTargets: <P>(points: P) => points }
  const { largestAngle } = context
  return freshPoints(density, loss, context, { batch: BATCH, largestAngle, random: new Random(seed) }).next(0)
}

/** Means over all batches of weight · g for some g of a row. */
function meansOf(name: LossName, of: (points: ReturnType<typeof draw>, row: number) => readonly number[]) {
  const sums: number[] = []
  for (let seed = 0; seed < BATCHES; seed++) {
    const points = draw(name, seed)
    for (let row = 0; row < BATCH; row++)
      for (const [k, value] of of(points, row).entries())
        sums[k] = (sums[k] ?? 0) + (points.weight[row] * value) / (BATCH * BATCHES)
  }
  return sums
}

describe('fresh training points of data with a rare part', () => {
  it('have some of it in every batch, and the moments of the data by their weights', () => {
    const means = meansOf('ct', ({ start }, row) => {
      const x = start.subarray(d * row, d * row + d)
      const centred = x.reduce((sum, value, i) => sum + (value - density.moments.mean[i]) ** 2, 0)
      return [1, Number(isFar(start, row)), x[0], centred]
    })
    expect(means[0]).toBeCloseTo(1, 2)
    expect(means[1] / RARE).toBeCloseTo(1, 1)
    expect(means[2]).toBeCloseTo(density.moments.mean[0], 1)
    // a twelfth of it is the rare part's
    expect(means[3] / density.moments.trace).toBeCloseTo(1, 1)
    for (let seed = 0; seed < 20; seed++) {
      const { start } = draw('ct', seed)
      const far = Array.from({ length: BATCH }, (_, row) => isFar(start, row)).filter(Boolean).length
      expect(far).toBeGreaterThanOrEqual(5)
    }
  })

  // what a target with X₀ or Z in it converges to is its weighted mean given x: that has to be the denoiser
  it('leave E[X₀ | x] as it is', () => {
    const { context } = contextOf(problem, 'ct', { time: TIME, intervals: 32 })
    const { coordinates } = context
    const denoised = new Float64Array(d)
    const means = meansOf('ct', ({ start, noise, theta }, row) => {
      const t = coordinates.time(theta[row])
      const x = Float64Array.from({ length: d }, (_, i) => start[d * row + i] + t * noise[d * row + i])
      density.denoiser(t, x, denoised)
      const off = (i: number) => start[d * row + i] - denoised[i]
      // against functions of x, one of them large where the rare part and the others meet
      return [off(0), off(1), off(0) * Math.tanh(x[0]), off(1) * Number(Math.abs(x[1] - 30) < 15)]
    })
    for (const mean of means) expect(Math.abs(mean) / Math.sqrt(density.moments.trace)).toBeLessThan(0.02)
  })

  it('of a loss without X₀ in its target are weighted by the root alone', () => {
    const means = meansOf('pinn', ({ weight }) => [weight[0] > 0 ? 1 : 0])
    expect(means[0]).toBeLessThan(1)
    const [root, whole] = (['pinn', 'ct'] as const).map((name) => {
      const { weight } = draw(name, 1)
      return Math.min(...weight)
    })
    expect(root).toBeGreaterThan(0.02)
    expect(whole).toBeLessThan(0.02)
  })
})
