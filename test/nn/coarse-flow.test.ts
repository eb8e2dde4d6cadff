import { mul, type Scalar, sum, type Tensor, tensor2d, tidy, variableGrads } from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import { neuralMap } from '../../solvers/neural/neural-map.ts'
import { useBackend } from '../../src/backend/index.ts'
import { rungeKutta } from '../../src/characteristics/index.ts'
import { createProblem } from '../../src/create/create-problem.ts'
import { InputError } from '../../src/errors.ts'
import type { Architecture } from '../../src/nn/architecture.ts'
import { coarseFlow } from '../../src/nn/coarse-flow.ts'
import { gaussianCoordinates } from '../../src/nn/gaussian-coordinates.ts'
import {
  createNetwork,
  directedInputs,
  initialWeights,
  networkInputs,
  weightVariable,
} from '../../src/nn/networks.ts'
import { componentsOf } from '../../src/problem/densities/structure.ts'
import { Random } from '../../src/random/random.ts'
import { distance } from './central-differences.ts'
import { randomRows } from './random-network.ts'

const D = 3
const { density } = createProblem({
  process: { kind: 've' },
  data: {
    kind: 'mixture',
    weights: [0.5, 0.3, 0.2],
    means: [
      [-2, 0, 1],
      [1.5, 1, 0],
      [0.5, -2, -1],
    ],
    covariances: [
      [
        [0.3, 0.1, 0],
        [0.1, 0.2, 0.05],
        [0, 0.05, 0.25],
      ],
      [
        [0.15, 0, 0.02],
        [0, 0.4, -0.1],
        [0.02, -0.1, 0.3],
      ],
      [
        [0.5, 0.1, 0.1],
        [0.1, 0.3, 0],
        [0.1, 0, 0.2],
      ],
    ],
  },
})
const coordinates = gaussianCoordinates(density.moments)
const c = density.moments.scale
const known = componentsOf(density)
if (!known) throw new Error('a mixture without components')

function gated(coarseSteps: number) {
  const architecture: Architecture = {
    kind: 'mlp',
    dimension: D,
    width: 12,
    layers: 2,
    coarseSteps,
    components: 3,
  }
  const network = createNetwork(architecture, { components: known as NonNullable<typeof known>, coordinates })
  const random = new Random(5)
  // far from the coarse map: the choice is moved by a few units of a logit
  const values = initialWeights(network, random).map((variable) =>
    Float64Array.from(variable.dataSync(), (value) => 3 * value + 0.1 * random.normal()),
  )
  const tensors = () =>
    network.parameters.map(({ shape }, i) => weightVariable(Float32Array.from(values[i]), shape))
  const zeros = () =>
    network.parameters.map(({ shape }, i) => weightVariable(new Float32Array(values[i].length), shape))
  return { network, values, tensors, zeros }
}

/** Points of the flow at t. */
function pointsAt(t: number, count: number): Float64Array {
  const x = density.sample?.(count, new Random(8)) ?? new Float64Array(0)
  const noise = randomRows(x.length, t, 9)
  return x.map((value, i) => value + noise[i])
}

function rms(a: Float64Array, b: Float64Array): number {
  return Math.sqrt(a.reduce((total, value, i) => total + (value - b[i]) ** 2, 0) / a.length)
}

await useBackend('simd')

describe('the coarse flow of a mixture', () => {
  it('comes nearer to the flow with more steps, from near and far times', async () => {
    const truth = await rungeKutta({ rtol: 1e-9 }).solveVe(density, { time: 1000, seed: 0 })
    for (const t of [0.7, 10, 1000]) {
      const x = pointsAt(t, 200)
      const f = truth.evaluate(t, x)
      // the few points between two basins are told apart last
      const error = (steps: number) => {
        const { network, zeros } = gated(steps)
        const found = neuralMap(network, zeros(), coordinates).evaluate(t, x)
        const sizes = Array.from({ length: 200 }, (_, i) =>
          rms(found.slice(i * D, (i + 1) * D), f.slice(i * D, (i + 1) * D)),
        )
        return sizes.sort((a, b) => a - b)[140]
      }
      const [one, eight] = [error(1), error(8)]
      expect(eight).toBeLessThan(0.02)
      expect(eight).toBeLessThan(one / 2)
    }
  })

  it('is exact for one component, in one step', () => {
    const one = createProblem({
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
    const own = gaussianCoordinates(one.moments)
    const { eigenvalues, eigenvectors, mean } = one.moments
    const components = { weights: Float64Array.of(1), means: mean, eigenvalues, eigenvectors }
    const architecture: Architecture = {
      kind: 'mlp',
      dimension: 2,
      width: 4,
      layers: 1,
      coarseSteps: 1,
      components: 1,
    }
    const network = createNetwork(architecture, { components, coordinates: own })
    const weights = initialWeights(network, new Random(1))
    const y = randomRows(20, 1, 3)
    for (const angle of [1e-9, 0.01, 0.7, Math.PI / 2]) {
      const F = network.forward(weights, networkInputs(new Float64Array(10).fill(angle), y)).dataSync()
      for (const value of F) expect(Math.abs(value) * Math.sin(angle) ** 2).toBeLessThan(1e-5)
    }
  })

  it('is refused for components without extent or weight', () => {
    const flat = {
      ...(known as NonNullable<typeof known>),
      eigenvalues: new Float64Array(9).map((_, i) => i),
    }
    expect(() => coarseFlow(flat, coordinates, 2)).toThrow(InputError)
    expect(() => coarseFlow(flat, coordinates, 2)).toThrow(/coarseSteps is 2/)
    const unused = { ...(known as NonNullable<typeof known>), weights: Float64Array.of(0, 0.5, 0.5) }
    expect(() => coarseFlow(unused, coordinates, 2)).toThrow(/no weight/)
  })
})

describe('a network that corrects it', () => {
  const { network, values, tensors } = gated(2)
  const n = 12
  const angles = Float64Array.from({ length: n }, (_, i) => [0.05, 0.4, 1, 1.4, 1.55, Math.PI / 2][i % 6])
  const y = randomRows(n * D, 1, 4)
  const rate = randomRows(n * D, 0.5, 6)

  it('has a map that is x at t = 0 and finite at every time', () => {
    const map = neuralMap(network, tensors(), coordinates)
    const x = randomRows(n * D, 2, 7)
    expect(map.evaluate(0, x)).toEqual(x)
    const near = map.evaluate(1e-7, x)
    expect(distance(near, x)).toBeLessThan(1e-6)
    for (const t of [1e-30, 1e-3, 80, 1e12, c * 2 ** 166]) {
      expect(
        map
          .evaluate(
            t,
            x.map((value) => value * Math.max(1, t)),
          )
          .every(Number.isFinite),
      ).toBe(true)
    }
  })

  it('has the same values whatever rows are evaluated together', () => {
    const map = neuralMap(network, tensors(), coordinates)
    const x = pointsAt(5, 2100)
    const all = map.evaluate(5, x)
    expect(all.slice(-6)).toEqual(map.evaluate(5, x.slice(-6)))
    expect(all.slice(3, 6)).toEqual(map.evaluate(5, x.slice(3, 6)))
  })

  it('has the tangents of its values', () => {
    const weights = tensors()
    const direction = { theta: 1, phi: 0, y: rate }
    const dual = network.dualForward(weights, directedInputs(angles, y, null, direction)).dataSync()
    const h = 2e-3
    const at = (step: number) =>
      network
        .forward(
          weights,
          networkInputs(
            angles.map((angle) => angle + step * h),
            y.map((value, i) => value + step * h * rate[i]),
          ),
        )
        .dataSync()
    const values = at(0)
    expect(distance(dual.slice(0, n * D), values)).toBeLessThan(1e-6)
    // by five points: the values are in single precision
    const [a, b, e, f] = [at(-2), at(-1), at(1), at(2)]
    // θ = π/2 is the end of the range of features
    for (let i = 0; i < n; i++) {
      if (angles[i] > 1.56) continue
      for (let j = i * D; j < (i + 1) * D; j++) {
        const slope = (a[j] - 8 * b[j] + 8 * e[j] - f[j]) / (12 * h)
        // F is a difference of single precision over sin²θ
        const rounding = 1e-6 / (Math.sin(angles[i]) ** 2 * h)
        expect(Math.abs(dual[n * D + j] - slope)).toBeLessThan(rounding + 3e-3 * (1 + Math.abs(slope)))
      }
    }
  })

  it.each([false, true])('has the gradients of its values, dual %s', (dual) => {
    const inputs = () =>
      dual ? directedInputs(angles, y, null, { theta: 1, phi: 0, y: rate }) : networkInputs(angles, y)
    const rows = dual ? 2 * n : n
    // the rows near t = 0, whose F is a small difference over sin²θ, count little
    const towards = randomRows(rows * D, 1, 10).map(
      (value, i) => value * Math.sin(angles[Math.floor(i / D) % n]) ** 2,
    )
    const loss = (weights: readonly Tensor[]) =>
      tidy(() => {
        const F = dual ? network.dualForward(weights, inputs()) : network.forward(weights, inputs())
        return sum(mul(F, tensor2d(Float32Array.from(towards), [rows, D]))) as Scalar
      })
    const variables = network.parameters.map(({ shape }, i) =>
      weightVariable(Float32Array.from(values[i]), shape),
    )
    const { grads } = variableGrads(() => loss(variables), variables)
    const random = new Random(11)
    for (const [k, variable] of variables.entries()) {
      const start = Float32Array.from(variable.dataSync())
      const along = start.map(() => random.normal())
      const h = 3e-3
      const value = (step: number) => {
        const moved = weightVariable(
          start.map((w, i) => w + step * h * along[i]),
          variable.shape,
        )
        return loss(variables.map((other, i) => (i === k ? moved : other))).dataSync()[0]
      }
      const difference = (value(-2) - 8 * value(-1) + 8 * value(1) - value(2)) / (12 * h)
      const gradient = Float32Array.from(grads[variable.name].dataSync())
      const slope = along.reduce((total, v, i) => total + v * gradient[i], 0)
      const size = Math.sqrt(gradient.reduce((total, v) => total + v * v, 0))
      expect(size).toBeGreaterThan(1e-3)
      expect(Math.abs(slope - difference)).toBeLessThan(1e-2 * size * Math.sqrt(1 + along.length / 50))
    }
  })
})
