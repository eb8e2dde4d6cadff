import { describe, expect, it } from 'vitest'
import { carry } from '../../solvers/neural/points/pool.ts'
import { flowVelocity } from '../../solvers/neural/velocity.ts'
import { createProblem } from '../../src/create/create-problem.ts'
import { gaussianCoordinates } from '../../src/nn/gaussian-coordinates.ts'
import { Random } from '../../src/random/random.ts'
import { normal, triple } from './problems.ts'

function rows(count: number, seed: number): Float64Array {
  const random = new Random(seed)
  return Float64Array.from({ length: count }, () => random.normal())
}

describe('the velocity in Gaussian-skip coordinates', () => {
  it('is zero for Gaussian data', () => {
    const coordinates = gaussianCoordinates(normal.density.moments)
    const velocity = flowVelocity(normal.density, coordinates)
    const v = new Float64Array(40)
    for (const theta of [0, 0.1, 1, 1.55]) {
      velocity.at(theta, rows(40, 1), v)
      for (const value of v) expect(Math.abs(value)).toBeLessThan(1e-11)
    }
    expect(velocity.evaluations).toBe(80)
  })

  it('is the derivative of y along the probability-flow ODE, by central differences in x', () => {
    const { density } = triple
    const coordinates = gaussianCoordinates(density.moments)
    const velocity = flowVelocity(density, coordinates)
    const theta = Float64Array.of(0.05, 0.4, 1, 1.4)
    const y = rows(8, 2)
    const v = new Float64Array(8)
    velocity.at(theta, y, v)
    const c = density.moments.scale
    const t = theta.map(coordinates.time)
    const x = new Float64Array(8)
    const score = new Float64Array(8)
    coordinates.toX(t, y, x)
    density.score(t, x, score)
    const h = 1e-5
    const moved = (sign: number) => {
      const out = new Float64Array(8)
      coordinates.toY(
        t.map((value) => value + sign * h),
        x.map((value, i) => value - sign * h * t[i >> 1] * score[i]),
        out,
      )
      return out
    }
    const [ahead, behind] = [moved(1), moved(-1)]
    for (let i = 0; i < 8; i++) {
      const rate = c / Math.cos(theta[i >> 1]) ** 2
      expect((rate * (ahead[i] - behind[i])) / (2 * h)).toBeCloseTo(v[i], 6)
    }
  })

  it('stays finite for data without extent in one direction and for point masses', () => {
    for (const stds of [[[0.3, 0]], [0]])
      for (const theta of [0, 1e-6, 0.7]) {
        const { density } = createProblem({
          process: { kind: 've' },
          data: {
            kind: 'mixture',
            weights: [0.5, 0.5],
            means: [
              [-1, 2],
              [1, 2],
            ],
            stds: [stds[0], stds[0]],
          },
        })
        const v = new Float64Array(20)
        flowVelocity(density, gaussianCoordinates(density.moments)).at(theta, rows(20, 3), v)
        expect(v.every(Number.isFinite)).toBe(true)
        // the direction without extent has the smallest eigenvalue and comes first
        for (let i = 0; i < 20; i += theta === 0 ? 1 : 2) expect(v[i]).toBe(0)
      }
  })
})

describe('carry', () => {
  it('converges at order 4', () => {
    const { density } = triple
    const velocity = flowVelocity(density, gaussianCoordinates(density.moments))
    const end = (steps: number) => {
      const y = rows(200, 4)
      carry(
        velocity,
        y,
        0,
        Array.from({ length: steps }, (_, k) => (1.4 * (k + 1)) / steps),
        () => {},
      )
      return y
    }
    const exact = end(1024)
    const error = (steps: number) =>
      Math.sqrt(end(steps).reduce((sum, value, i) => sum + (value - exact[i]) ** 2, 0) / 200)
    const order = Math.log2(error(64) / error(128))
    expect(Math.abs(order - 4)).toBeLessThan(0.2)
  })

  it('hands over the points and velocities at the angles asked for', () => {
    const { density } = triple
    const velocity = flowVelocity(density, gaussianCoordinates(density.moments))
    const y = rows(6, 5)
    const seen: number[] = []
    const v = new Float64Array(6)
    carry(velocity, y, 0, [0.1, 0.5, 0.9], (index, at, rate) => {
      seen.push(index)
      velocity.at([0.1, 0.5, 0.9][index], at, v)
      expect(rate).toEqual(v)
    })
    expect(seen).toEqual([0, 1, 2])
  })
})
