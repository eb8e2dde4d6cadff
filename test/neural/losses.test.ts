import { variableGrads } from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import { cd } from '../../solvers/neural/losses/cd.ts'
import { losses } from '../../solvers/neural/losses/index.ts'
import { objectiveOf } from '../../solvers/neural/metrics.ts'
import { neuralMap } from '../../solvers/neural/neural-map.ts'
import { carry } from '../../solvers/neural/points/pool.ts'
import { useBackend } from '../../src/backend/index.ts'
import { initialWeights, weightVariable } from '../../src/nn/networks.ts'
import { Random } from '../../src/random/random.ts'
import { contextOf, draw, residualOf } from './fixed-points.ts'
import { normal, triple } from './problems.ts'

await useBackend('cpu')

const TIME = 8

describe('pinn and cd', () => {
  it.each(['pinn', 'cd'] as const)('%s: F = 0 is the fixed point for Gaussian data', (name) => {
    const { context, zeros } = contextOf(normal, name, { time: TIME, intervals: 32 })
    const r = residualOf(name, context, zeros, draw(normal, name, context, { batch: 256, seed: 1 }))
    expect(r.length).toBe(512)
    for (const value of r) expect(Math.abs(value)).toBeLessThan(1e-6)
  })

  it('pinn: the residual is that of the transport equation, ∂_t f − t s·∇f', () => {
    const { context } = contextOf(triple, 'pinn', { time: TIME, intervals: 32 })
    const { coordinates, network } = context
    const weights = initialWeights(network, new Random(2))
    const { theta, y, velocity } = draw(triple, 'pinn', context, { batch: 6, seed: 3 })
    const r = residualOf('pinn', context, weights, { theta, y, velocity, weight: theta })
    const map = neuralMap(network, weights, coordinates)
    const [x, score, expected] = [0, 0, 0].map(() => new Float64Array(2))
    for (let i = 0; i < 6; i++) {
      const t = coordinates.time(theta[i])
      coordinates.toX(t, y.slice(2 * i, 2 * i + 2), x)
      triple.density.score(t, x, score)
      const { tangent } = map.jvp?.(
        t,
        x,
        score.map((value) => -t * value),
      ) ?? { tangent: x }
      // d/dθ = (dt/dθ) d/dt
      coordinates.toMapRate(Float64Array.from(r.slice(2 * i, 2 * i + 2)), expected)
      const rate = triple.density.moments.scale / Math.cos(theta[i]) ** 2
      for (const j of [0, 1]) expect(Math.abs(rate * tangent[j] - expected[j])).toBeLessThan(2e-5)
    }
  })

  it.each([
    ['euler', 2],
    ['heun', 3],
  ] as const)('cd: one backward step of %s has a local error of order %i', (solver, order) => {
    const error = (intervals: number) => {
      const { context } = contextOf(triple, 'cd', { time: TIME, intervals })
      const { interval, velocity } = context
      const theta = new Float64Array(100).fill(16 * (interval * (intervals / 32)))
      const random = new Random(4)
      const y = Float64Array.from({ length: 200 }, () => 0.7 * random.normal())
      const { previous } = cd(solver).prepareTargets({ theta, y, weight: theta }, context)
      // carried forward again by many small steps, it must come back to y
      const from = theta[0] - interval
      const angles = Array.from({ length: 20 }, (_, k) => from + (interval * (k + 1)) / 20)
      carry(velocity, previous, from, angles, () => {})
      return Math.sqrt(y.reduce((sum, value, i) => sum + (value - previous[i]) ** 2, 0) / 200)
    }
    const observed = Math.log2(error(256) / error(512))
    expect(Math.abs(observed - order)).toBeLessThan(0.2)
  })
})

describe('ct', () => {
  it('couples both points by the same X₀ and Z', () => {
    const { context } = contextOf(triple, 'ct', { time: TIME, intervals: 16 })
    const { coordinates, interval } = context
    const loss = losses.ct()
    const theta = Float64Array.of(interval, 4 * interval)
    const start = Float64Array.of(1, 2, -1, 0)
    const noise = Float64Array.of(0.3, -1, 0.5, 2)
    const y = new Float64Array(4)
    const { previous } = loss.prepareTargets({ theta, y, weight: theta, start, noise }, context)
    const x = new Float64Array(4)
    coordinates.toX(Float64Array.of(0, coordinates.time(3 * interval)), previous, x)
    const t = coordinates.time(3 * interval)
    for (const [i, value] of [1, 2, -1 + 0.5 * t, 2 * t].entries()) expect(x[i]).toBeCloseTo(value, 12)
  })
})

describe('the objective', () => {
  it('is the weighted mean square of V Λ^{1/2} r relative to the trace, with its gradient', () => {
    const { coordinates } = contextOf(normal, 'pinn', { time: TIME, intervals: 8 }).context
    const objective = objectiveOf(coordinates)
    const values = Float32Array.of(1, -2, 0.5, 3)
    const r = weightVariable(values, [2, 2])
    const w = objective.weights(Float64Array.of(2, 0.5))
    const { value, grads } = variableGrads(() => objective.value(r as never, w), [r])
    const [a, b] = normal.density.moments.eigenvalues
    const trace = 1.5 + 0.6
    expect(value.dataSync()[0]).toBeCloseTo((2 * (a + 4 * b) + 0.5 * (0.25 * a + 9 * b)) / (2 * trace), 6)
    const huber = { metric: 'pseudo-huber', metricScale: 0.3, metricPower: 0 } as const
    const robust = objectiveOf(coordinates, huber, 0.1)
      .value(r as never, w)
      .dataSync()[0]
    // the metric acts on the differences 0.1 r
    const size = (first: number, second: number) =>
      Math.sqrt((0.01 * (first * a + second * b)) / trace + 0.09) - 0.3
    expect(robust).toBeCloseTo((2 * size(1, 4) + 0.5 * size(0.25, 9)) / 2, 6)
    const gradient = grads[r.name].dataSync()
    expect(gradient[1]).toBeCloseTo((2 * -2 * 2 * b) / (2 * trace), 5)
  })
})
