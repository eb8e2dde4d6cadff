import { describe, expect, it } from 'vitest'
import { neuralMap } from '../../solvers/neural/neural-map.ts'
import { useBackend } from '../../src/backend/index.ts'
import { rungeKutta } from '../../src/characteristics/index.ts'
import { createProblem } from '../../src/create/create-problem.ts'
import type { Architecture } from '../../src/nn/architecture.ts'
import { architectureKinds } from '../../src/nn/architecture.ts'
import { flowMap } from '../../src/nn/flow-map.ts'
import { gaussianCoordinates } from '../../src/nn/gaussian-coordinates.ts'
import { networkInputs, weightVariable } from '../../src/nn/networks.ts'
import { scoreNetwork } from '../../src/problem/densities/score-network.ts'
import { Random } from '../../src/random/random.ts'
import { randomNetwork, randomRows } from './random-network.ts'

await useBackend('cpu')

const { density } = createProblem({
  process: { kind: 've' },
  data: {
    kind: 'mixture',
    weights: [0.4, 0.6],
    means: [
      [-3, 1],
      [2, 0],
    ],
    stds: [
      [0.2, 0.7],
      [0.5, 0.1],
    ],
  },
})
const gaussian = createProblem({
  process: { kind: 've' },
  data: {
    kind: 'gaussian',
    mean: [1, -2],
    covariance: [
      [2, 0.6],
      [0.6, 0.5],
    ],
  },
}).density
const architectures = architectureKinds.flatMap((kind) =>
  [{}, { units: 4 }, { times: 2 }, { units: 4, times: 2 }].map(
    (more) => ({ kind, dimension: 2, width: 16, layers: 2, ...more }) as Architecture,
  ),
)
const times = [0, 1e-6, 0.05, 0.9, 7, 300]

describe.each(architectures)('%o', (architecture) => {
  const { network, tensors, values } = randomNetwork(architecture, 5)
  const x = randomRows(40, 4, 6)

  it('has f(0, x) = x, to the bit, whatever its weights', async () => {
    const coordinates = gaussianCoordinates(density.moments)
    expect(neuralMap(network, tensors, coordinates).evaluate(0, x)).toEqual(x)
    if (architecture.times) {
      const flow = flowMap(network, tensors, coordinates)
      for (const t of times) expect(flow.evaluate(t, t, x)).toEqual(x)
      return
    }
    const score = { kind: 'neural', atomic: false, ...scoreNetwork(architecture, values, density.moments) }
    const map = await rungeKutta().solveVe(score, { time: 1, seed: 0 })
    expect(map.evaluate(0, x)).toEqual(x)
  })

  it('gets inputs of mean 0 and variance 1 at every time', () => {
    const coordinates = gaussianCoordinates(density.moments)
    const n = 20_000
    const random = new Random(7)
    for (const t of times) {
      const points = density.sample?.(n, random) ?? new Float64Array()
      for (let i = 0; i < points.length; i++) points[i] += t * random.normal()
      const y = new Float64Array(2 * n)
      coordinates.toY(t, points, y)
      const theta = new Float64Array(n).fill(coordinates.angle(t))
      const inputs = networkInputs(theta, y, architecture.times ? theta : null)
      const columns = inputs.shape[1]
      const rows = inputs.dataSync()
      inputs.dispose()
      for (const column of [0, 1]) {
        let [sum, square] = [0, 0]
        for (let i = 0; i < n; i++) {
          sum += rows[i * columns + column] / n
          square += rows[i * columns + column] ** 2 / n
        }
        expect(Math.abs(sum)).toBeLessThan(5 / Math.sqrt(n))
        expect(Math.abs(square - 1)).toBeLessThan(10 / Math.sqrt(n))
      }
      // the features of the times are of the same size
      for (let k = 2; k < columns; k++) expect(Math.abs(rows[k])).toBeLessThan(1.6)
    }
  })

  it('moves at the velocity of the flow for Gaussian data where F = 0: ∂_u f(t → u, x) at u = t is −t s', () => {
    const coordinates = gaussianCoordinates(gaussian.moments)
    const zeros = network.parameters.map(({ shape }) =>
      weightVariable(new Float32Array(shape.reduce((product, n) => product * n, 1)), shape),
    )
    const rest = new Float64Array(x.length)
    const score = new Float64Array(x.length)
    for (const t of times.slice(2)) {
      gaussian.score(t, x, score)
      if (architecture.times) {
        const { tangent } = flowMap(network, zeros, coordinates).jvp(t, t, x, { t: 0, u: 1, x: rest })
        for (let i = 0; i < x.length; i++) expect(Math.abs(tangent[i] + t * score[i])).toBeLessThan(1e-11)
      } else {
        // one time: f is constant along that velocity
        const velocity = score.map((value) => -t * value)
        const { tangent } = neuralMap(network, zeros, coordinates).jvp?.(t, x, velocity) ?? { tangent: x }
        for (const value of tangent) expect(Math.abs(value)).toBeLessThan(1e-11)
      }
    }
  })
})
