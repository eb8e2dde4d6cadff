import { describe, expect, it } from 'vitest'
import { checkJvp } from '../../solvers/neural/check-jvp.ts'
import { neuralMap } from '../../solvers/neural/neural-map.ts'
import { useBackend } from '../../src/backend/index.ts'
import type { VeMap } from '../../src/consistency-function.ts'
import { createProblem } from '../../src/create/create-problem.ts'
import { exactMap } from '../../src/exact/exact.ts'
import type { Architecture } from '../../src/nn/architecture.ts'
import { flowMap, gap } from '../../src/nn/flow-map.ts'
import { gaussianCoordinates } from '../../src/nn/gaussian-coordinates.ts'
import { weightVariable } from '../../src/nn/networks.ts'
import { float64Network } from './float64-network.ts'
import { randomNetwork, randomRows } from './random-network.ts'

const { density } = createProblem({
  process: { kind: 've' },
  data: {
    kind: 'gaussian',
    mean: [1, -2],
    covariance: [
      [2, 0.6],
      [0.6, 0.5],
    ],
  },
})
const coordinates = gaussianCoordinates(density.moments)
const architectures: Architecture[] = [
  { kind: 'mlp', dimension: 2, width: 24, layers: 3, times: 2 },
  { kind: 'film', dimension: 2, width: 24, layers: 2, times: 2 },
]
const times = [
  [0.4, 0],
  [2, 0.5],
  [2, 1.9],
  [20, 3],
] as const

await useBackend('cpu')

describe.each(architectures)('a two-time $kind network with the Gaussian skip', (architecture) => {
  const { network, values, tensors } = randomNetwork(architecture, 3)
  const map = flowMap(network, tensors, coordinates)
  const F = float64Network(architecture, values)

  /** f(t → u, x) of one point in float64. */
  function reference(t: number, u: number, x: readonly number[]): Float64Array {
    const y = new Float64Array(2)
    coordinates.toY(t, Float64Array.from(x), y)
    const [theta, phi] = [t, u].map((time) => Math.atan2(time, density.moments.scale))
    const values = F(theta, [...y], phi)
    const Y = y.map((value, j) => value + (Math.sin(theta) ** 2 - Math.sin(phi) ** 2) * values[j])
    const f = new Float64Array(2)
    coordinates.toX(u, Y, f)
    return f
  }

  it('is x at u = t, exactly', () => {
    const x = randomRows(40, 3, 1)
    for (const t of [0, 1e-3, 1, 50]) {
      expect(map.evaluate(t, t, x)).toEqual(x)
      expect(map.jvp(t, t, x, { t: 0, u: 0, x: x }).value).toEqual(x)
    }
  })

  it('has the values of the same network in float64', () => {
    for (const [t, u] of times) {
      const x = randomRows(20, Math.hypot(1, t), 2)
      const f = map.evaluate(t, u, x)
      for (let i = 0; i < x.length; i += 2) {
        const expected = reference(t, u, [x[i], x[i + 1]])
        expect(Math.hypot(f[i] - expected[0], f[i + 1] - expected[1])).toBeLessThan(3e-6 * Math.hypot(1, u))
      }
    }
  })

  it.each([
    ['t', 1, 0, 0],
    ['u', 0, 1, 0],
    ['x', 0, 0, 1],
    ['all', 0.7, -0.4, 1],
  ] as const)('has the derivative along %s of the same network in float64', (_, dt, du, dx) => {
    for (const [t, u] of times.slice(1)) {
      const x = randomRows(20, Math.hypot(1, t), 4)
      const direction = randomRows(20, dx, 5)
      const { value, tangent } = map.jvp(t, u, x, { t: dt, u: du, x: direction })
      const values = map.evaluate(t, u, x)
      for (let i = 0; i < x.length; i++) expect(Math.abs(value[i] - values[i])).toBeLessThan(1e-5)
      const h = 1e-5 * t
      for (let i = 0; i < x.length; i += 2) {
        const moved = (k: number) =>
          reference(t + k * dt, u + k * du, [x[i] + k * direction[i], x[i + 1] + k * direction[i + 1]])
        const [ahead, behind] = [moved(h), moved(-h)]
        for (const j of [0, 1]) {
          const difference = (ahead[j] - behind[j]) / (2 * h)
          expect(Math.abs(tangent[i + j] - difference)).toBeLessThan(2e-5 * Math.hypot(1, u))
        }
      }
    }
  })

  it('has the consistency function at u = 0', () => {
    const one = neuralMap(network, tensors, coordinates)
    const x = randomRows(20, 3, 6)
    const f = map.evaluate(4, 0, x)
    for (const [i, value] of one.evaluate(4, x).entries()) expect(Math.abs(value - f[i])).toBeLessThan(1e-12)
    const dx = randomRows(20, 1, 7)
    const { tangent } = map.jvp(4, 0, x, { t: 1, u: 0, x: dx })
    for (const [i, value] of (one.jvp?.(4, x, dx).tangent ?? []).entries())
      expect(Math.abs(value - tangent[i])).toBeLessThan(1e-6)
  })

  it('is the exact map of a Gaussian where F = 0: f(t → u) is f(u)⁻¹ ∘ f(t)', () => {
    const zero = network.parameters.map(({ shape }) =>
      weightVariable(new Float32Array(shape.reduce((product, n) => product * n, 1)), shape),
    )
    const flat = flowMap(network, zero, coordinates)
    const exact = exactMap(density)
    const x = randomRows(40, 5, 8)
    const start = exact?.(6, x) ?? x
    for (const u of [0, 0.3, 2, 5.9]) {
      const reached = flat.evaluate(6, u, x)
      const back = exact?.(u, reached) ?? x
      for (const [i, value] of back.entries()) expect(Math.abs(value - start[i])).toBeLessThan(1e-11)
      // ∂_u f is the velocity −u s there, and ∂_t f + ∇f·a = 0
      const score = new Float64Array(x.length)
      density.score(u, reached, score)
      const rest = new Float64Array(x.length)
      const { tangent } = flat.jvp(6, u, x, { t: 0, u: 1, x: rest })
      for (const [i, value] of tangent.entries()) expect(Math.abs(value + u * score[i])).toBeLessThan(1e-11)
      density.score(6, x, score)
      const along = flat.jvp(6, u, x, { t: 1, u: 0, x: score.map((value) => -6 * value) })
      for (const value of along.tangent) expect(Math.abs(value)).toBeLessThan(1e-11)
    }
  })

  it('evaluates many rows in blocks', () => {
    const x = randomRows(2 * 2100, 2, 12)
    expect(map.evaluate(1.5, 0.5, x).slice(-4)).toEqual(map.evaluate(1.5, 0.5, x.slice(-4)))
  })

  it('goes back in time only', () => {
    expect(() => map.evaluate(1, 2, Float64Array.of(0, 0))).toThrow(/u is 2/)
    expect(() => map.evaluate(1, -1, Float64Array.of(0, 0))).toThrow(/u is -1/)
  })
})

it('gap is sin²θ − sin²φ', () => {
  for (const [theta, phi] of [
    [1.2, 0.3],
    [0.5, 0],
    [1.5, 1.5],
  ])
    expect(gap(theta, phi)).toBeCloseTo(Math.sin(theta) ** 2 - Math.sin(phi) ** 2, 14)
})

describe('checkJvp', () => {
  const { network, tensors } = randomNetwork({ kind: 'mlp', dimension: 2, width: 16, layers: 2 }, 9)
  const map = neuralMap(network, tensors, coordinates)
  const x = randomRows(40, 3, 10)
  const dx = randomRows(40, 1, 11)

  it('finds the derivative of a network right, at all times', () => {
    for (const t of [0.1, 1, 10]) {
      const { difference, valueDifference } = checkJvp(map, t, x, dx, 2)
      expect(difference).toBeLessThan(1e-3)
      expect(valueDifference).toBeLessThan(1e-6)
    }
  })

  it('finds a wrong derivative, and a wrong value, of one row', () => {
    const wrong = (part: 'value' | 'tangent'): VeMap => ({
      ...map,
      jvp(t, x, dx) {
        const result = map.jvp?.(t, x, dx) ?? { value: x, tangent: dx }
        result[part][7] += 0.05
        return result
      },
    })
    const found = checkJvp(wrong('tangent'), 1, x, dx, 2)
    expect(found.row).toBe(3)
    expect(found.difference).toBeGreaterThan(0.01)
    expect(checkJvp(wrong('value'), 1, x, dx, 2).valueDifference).toBeGreaterThan(0.01)
  })

  it('refuses maps without a derivative, and rows that do not fit', () => {
    const { jvp: _, ...plain } = map
    expect(() => checkJvp(plain, 1, x, dx, 2)).toThrow(/Jacobian/)
    expect(() => checkJvp(map, 1, x, dx.slice(1), 2)).toThrow(/rows of 2/)
    expect(() => checkJvp(map, 0, x, dx, 2)).toThrow(/t is 0/)
  })
})
