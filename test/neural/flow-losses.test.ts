import { describe, expect, it } from 'vitest'
import { withSampleVelocity } from '../../solvers/neural/velocity.ts'
import { useBackend } from '../../src/backend/index.ts'
import { contextOf, draw, drawDefault, momentsInErrors, residualOf } from './fixed-points.ts'
import { normal, triple } from './problems.ts'

await useBackend('cpu')

const horizon = { time: 8, intervals: 16 }

describe('the velocity of one sample', () => {
  it('is the derivative of y along X₀ + tZ, by central differences', () => {
    const { context } = contextOf(triple, 'meanflow', horizon)
    const { coordinates } = context
    const points = draw(triple, 'meanflow', context, { batch: 50, seed: 1 })
    const { theta, start, noise, velocity } = points as Record<string, Float64Array>
    const moved = (step: number) => {
      const t = theta.map((angle) => coordinates.time(angle + step))
      const y = new Float64Array(start.length)
      coordinates.toY(
        t,
        start.map((value, i) => value + t[i >> 1] * noise[i]),
        y,
      )
      return y
    }
    const [ahead, behind] = [moved(1e-5), moved(-1e-5)]
    for (let i = 0; i < velocity.length; i++)
      expect(Math.abs((ahead[i] - behind[i]) / 2e-5 - velocity[i])).toBeLessThan(
        1e-7 * (1 + Math.abs(velocity[i])),
      )
  })

  it('has the velocity of the flow as its mean given y', () => {
    const { context } = contextOf(triple, 'scm-ct', horizon)
    const points = draw(triple, 'scm-ct', context, { batch: 40_000, seed: 2 })
    const flow = new Float64Array(points.y.length)
    context.velocity.at(points.theta, points.y, flow)
    const difference = flow.map((value, i) => value - points.velocity[i])
    for (const value of momentsInErrors(difference, points.y)) expect(value).toBeLessThan(4.5)
    expect(Math.max(...momentsInErrors(points.velocity, flow))).toBeGreaterThan(9)
  })

  it('is 0 where the data has no extent', () => {
    const { context } = contextOf(normal, 'meanflow', horizon)
    const flat = { ...context.coordinates, deviations: Float64Array.of(0, context.coordinates.deviations[1]) }
    const { velocity } = withSampleVelocity(draw(normal, 'meanflow', context, { batch: 4, seed: 3 }), flat)
    expect([0, 2, 4, 6].map((i) => velocity[i])).toEqual([0, 0, 0, 0])
  })
})

describe('for Gaussian data F = 0', () => {
  it('is not the fixed point of cd-jump-duration', async () => {
    const { context, zeros } = contextOf(normal, 'cd-jump-duration', horizon)
    const points = await drawDefault(normal, 'cd-jump-duration', context, 256)
    const r = residualOf('cd-jump-duration', context, zeros, points)
    expect(Math.max(...r)).toBeGreaterThan(0.1)
  })
})

describe('the times', () => {
  it.each(['lsd', 'psd', 'meanflow'] as const)('of %s are equal for three quarters of the points', (name) => {
    const { context } = contextOf(normal, name, horizon)
    const { theta, arrival } = draw(normal, name, context, { batch: 4000, seed: 5 })
    const equal = theta.filter((angle, i) => angle === arrival[i]).length / 4000
    expect(Math.abs(equal - 0.75)).toBeLessThan(0.03)
    for (let i = 0; i < 4000; i++) expect(arrival[i]).toBeLessThanOrEqual(theta[i])
  })

  it('of shortcut are a dyadic duration apart, and multiples of it', () => {
    const { context } = contextOf(normal, 'shortcut', horizon)
    const { theta, arrival } = draw(normal, 'shortcut', context, { batch: 4000, seed: 6 })
    const durations = new Set<number>()
    for (let i = 0; i < 4000; i++) {
      if (theta[i] === arrival[i]) continue
      const parts = context.largestAngle / (theta[i] - arrival[i])
      expect(Math.abs(Math.log2(parts) - Math.round(Math.log2(parts)))).toBeLessThan(1e-9)
      const multiple = arrival[i] / (theta[i] - arrival[i])
      expect(Math.abs(multiple - Math.round(multiple))).toBeLessThan(1e-9)
      durations.add(Math.round(parts))
    }
    expect([...durations].sort((a, b) => a - b)).toEqual([1, 2, 4, 8, 16, 32, 64])
  })

  it('of cd-jump are those of two points of one trajectory, most of them near its start', async () => {
    const { context } = contextOf(normal, 'cd-jump', horizon)
    const points = await drawDefault(normal, 'cd-jump', context, 4000)
    const starts = points.arrival.filter((angle) => angle === 0).length / 4000
    // half, and of the rest those whose square falls on the first of the passed times
    expect(starts).toBeGreaterThan(0.52)
    expect(starts).toBeLessThan(0.7)
    const shares = points.arrival.map((angle, i) => angle / points.theta[i]).sort()
    // without the starts: the square of a uniform number is below a quarter in half of all cases
    const middle = shares[Math.round(4000 * (1 - (1 - starts) / 2))]
    expect(middle).toBeGreaterThan(0.2)
    expect(middle).toBeLessThan(0.4)
    for (let i = 0; i < 4000; i++) expect(points.arrival[i]).toBeLessThan(points.theta[i])
  })
})
