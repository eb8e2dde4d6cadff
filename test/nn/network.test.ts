import { describe, expect, it } from 'vitest'
import { neuralMap } from '../../solvers/neural/neural-map.ts'
import { useBackend } from '../../src/backend/index.ts'
import { createProblem } from '../../src/create/create-problem.ts'
import type { Architecture } from '../../src/nn/architecture.ts'
import { gaussianCoordinates } from '../../src/nn/gaussian-coordinates.ts'
import { weightVariable } from '../../src/nn/networks.ts'
import { float64Network } from './float64-network.ts'
import { randomNetwork, randomRows } from './random-network.ts'

const covariance = [
  [2, 0.6],
  [0.6, 0.5],
]
const { density } = createProblem({
  process: { kind: 've' },
  data: { kind: 'gaussian', mean: [1, -2], covariance },
})
const coordinates = gaussianCoordinates(density.moments)
const architectures: Architecture[] = [
  { kind: 'mlp', dimension: 2, width: 24, layers: 3 },
  { kind: 'film', dimension: 2, width: 24, layers: 2 },
]

await useBackend('cpu')

describe.each(architectures)('a $kind network with the Gaussian skip', (architecture) => {
  const { network, values, tensors } = randomNetwork(architecture, 3)
  const map = neuralMap(network, tensors, coordinates)
  const F = float64Network(architecture, values)

  /** f(t, x) of one point in float64. */
  function reference(t: number, x: readonly number[]): Float64Array {
    const y = new Float64Array(2)
    coordinates.toY(t, Float64Array.from(x), y)
    const theta = Math.atan2(t, density.moments.scale)
    const values = F(theta, [...y])
    const f = new Float64Array(2)
    coordinates.toMap(
      y.map((value, j) => value + Math.sin(theta) ** 2 * values[j]),
      f,
    )
    return f
  }

  it('is x at t = 0, exactly', () => {
    const x = randomRows(40, 3, 1)
    expect(map.evaluate(0, x)).toEqual(x)
    expect(map.jvp?.(0, x, x.map(Math.cos))).toEqual({ value: x, tangent: x.map(Math.cos) })
  })

  it('has the values of the same network in float64', () => {
    for (const t of [1e-3, 0.2, 1, 7, 80]) {
      const x = randomRows(20, Math.hypot(1, t), 2)
      const f = map.evaluate(t, x)
      for (let i = 0; i < x.length; i += 2) {
        const expected = reference(t, [x[i], x[i + 1]])
        expect(Math.hypot(f[i] - expected[0], f[i + 1] - expected[1])).toBeLessThan(3e-6)
      }
    }
  })

  it('has the derivative of the same network in float64 by central differences', () => {
    for (const t of [0.05, 0.4, 2, 20]) {
      const x = randomRows(20, Math.hypot(1, t), 4)
      const dx = randomRows(20, 1, 5)
      const { value, tangent } = map.jvp?.(t, x, dx) ?? { value: x, tangent: x }
      expect(value).toEqual(map.evaluate(t, x))
      const h = 1e-5 * t
      for (let i = 0; i < x.length; i += 2) {
        const ahead = reference(t + h, [x[i] + h * dx[i], x[i + 1] + h * dx[i + 1]])
        const behind = reference(t - h, [x[i] - h * dx[i], x[i + 1] - h * dx[i + 1]])
        for (const j of [0, 1]) {
          const difference = (ahead[j] - behind[j]) / (2 * h)
          expect(Math.abs(tangent[i + j] - difference)).toBeLessThan(1e-5 * Math.max(1, 1 / t))
        }
      }
    }
  })

  it('evaluates many rows in blocks', () => {
    const x = randomRows(2 * 2100, 2, 6)
    const all = map.evaluate(1.5, x)
    expect(all.slice(-4)).toEqual(map.evaluate(1.5, x.slice(-4)))
  })

  it('is the exact map of a Gaussian where F = 0', () => {
    const zero = network.parameters.map(({ shape }) =>
      weightVariable(new Float32Array(shape.reduce((product, n) => product * n, 1)), shape),
    )
    const flat = neuralMap(network, zero, coordinates)
    const x = randomRows(40, 5, 7)
    const t = 3
    const f = flat.evaluate(t, x)
    // f solves (Σ + t² I)^{1/2} Σ^{-1/2} (f − μ) = x − μ: compare the squared lengths in both metrics
    const quadratic = (matrix: readonly (readonly number[])[], a: number, b: number) => {
      const det = matrix[0][0] * matrix[1][1] - matrix[0][1] * matrix[1][0]
      return (matrix[1][1] * a * a - 2 * matrix[0][1] * a * b + matrix[0][0] * b * b) / det
    }
    const diffused = covariance.map((row, i) => row.map((value, j) => value + (i === j ? t * t : 0)))
    for (let i = 0; i < x.length; i += 2)
      expect(quadratic(covariance, f[i] - 1, f[i + 1] + 2)).toBeCloseTo(
        quadratic(diffused, x[i] - 1, x[i + 1] + 2),
        10,
      )
    // and along the flow of the Gaussian, ẋ = t (Σ + t² I)^{-1} (x − μ), it does not change
    const score = new Float64Array(x.length)
    density.score(t, x, score)
    const { tangent } = flat.jvp?.(
      t,
      x,
      score.map((value) => -t * value),
    ) ?? { tangent: x }
    for (const value of tangent) expect(Math.abs(value)).toBeLessThan(1e-13)
  })
})

describe('a map of data without extent in one direction', () => {
  it('is finite and lies where the data lies', () => {
    const flat = createProblem({
      process: { kind: 've' },
      data: {
        kind: 'mixture',
        weights: [0.5, 0.5],
        means: [
          [-1, 2],
          [1, 2],
        ],
        stds: [
          [0.3, 0],
          [0.3, 0],
        ],
      },
    }).density
    const { network, tensors } = randomNetwork(architectures[0], 8)
    const map = neuralMap(network, tensors, gaussianCoordinates(flat.moments))
    const x = randomRows(40, 2, 9)
    for (const t of [1e-8, 0.5, 10]) {
      const f = map.evaluate(t, x)
      const { tangent } = map.jvp?.(t, x, x) ?? { tangent: x }
      expect([...f, ...tangent].every(Number.isFinite)).toBe(true)
      for (let i = 1; i < f.length; i += 2) expect(f[i]).toBeCloseTo(2, 12)
    }
  })

  it('is refused where the data is one point', () => {
    const point = createProblem({
      process: { kind: 've' },
      data: { kind: 'mixture', weights: [1], means: [[1, 2]], stds: [0] },
    })
    expect(() => gaussianCoordinates(point.density.moments)).toThrow(/more than one point/)
  })
})
