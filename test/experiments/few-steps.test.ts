import { describe, expect, it } from 'vitest'
import { plane, STD } from '../../experiments/few-steps/settings.ts'
import { diameterOf, grids, lipschitzBound, shortestPaths } from '../../experiments/few-steps/times.ts'
import { createProblem } from '../../src/create/create-problem.ts'
import type { Mixture } from '../../src/problem/densities/gaussian-sum.ts'
import { Random } from '../../src/random/random.ts'

const { density } = createProblem(plane.problem)
const range = {
  time: plane.time,
  scale: density.moments.scale,
  std: STD,
  diameter: diameterOf(density as Mixture),
}

describe('grids of times', () => {
  it.each(Object.keys(grids))('%s goes from T to 0 in K steps', (name) => {
    for (const steps of [1, 2, 5, 8]) {
      const times = grids[name](steps, range)
      expect(times).toHaveLength(steps + 1)
      expect(times[0]).toBeCloseTo(range.time, 9)
      expect(times[steps]).toBe(0)
      for (let k = 0; k < steps; k++) expect(times[k]).toBeGreaterThan(times[k + 1])
    }
  })

  it('lipschitz has the same integral of the bound in every step', () => {
    const tau = Array.from(grids.lipschitz(5, range), (t) => Math.log1p(t * t) / 2)
    const integrals = tau.slice(1).map((low, k) => {
      const [width, count] = [tau[k] - low, 2000]
      let sum = 0
      for (let i = 0; i < count; i++) sum += lipschitzBound(low + ((i + 0.5) / count) * width, range)
      return (sum * width) / count
    })
    for (const integral of integrals) expect(integral / integrals[0]).toBeCloseTo(1, 2)
  })
})

describe('the bound on the Lipschitz constant', () => {
  it('is above the derivative of the velocity at any place, and is reached half way between two means', () => {
    expect(range.diameter).toBeCloseTo(Math.sqrt(5), 12)
    const random = new Random(1)
    for (const tau of [0.05, 0.3, 1, 2]) {
      const bound = lipschitzBound(tau, range)
      let largest = 0
      for (let k = 0; k < 300; k++) {
        // places about the segment between the two farthest means
        const share = random.uniform()
        const x = [-1 + 2 * share, share].map((value) => Math.exp(-tau) * value + 0.2 * random.normal())
        const direction = [random.normal(), random.normal()]
        largest = Math.max(largest, slope(tau, x, direction))
      }
      expect(largest).toBeLessThanOrEqual(bound * (1 + 1e-4))
      expect(largest).toBeGreaterThan(0.2 * bound)
    }
  })
})

/** |∂v/∂x e| of v = −x − ∇ log p_τ along a direction e, by central differences. */
function slope(tau: number, x: readonly number[], direction: readonly number[]): number {
  const h = 1e-5
  const size = Math.hypot(...direction)
  const at = (sign: number) =>
    velocity(
      tau,
      x.map((value, i) => value + (sign * h * direction[i]) / size),
    )
  const [high, low] = [at(1), at(-1)]
  return Math.hypot(...high.map((value, i) => (value - low[i]) / (2 * h)))
}

/** With α = e^{−τ} and σ² = 1 − α² the score is (α D − x)/σ², D the denoiser of the VE process at x/α, t = σ/α. */
function velocity(tau: number, x: readonly number[]): number[] {
  const alpha = Math.exp(-tau)
  const variance = 1 - alpha ** 2
  const out = new Float64Array(2)
  density.denoiser(
    Math.sqrt(variance) / alpha,
    Float64Array.from(x, (value) => value / alpha),
    out,
  )
  return x.map((value, i) => -value - (alpha * out[i] - value) / variance)
}

describe('shortest paths', () => {
  it('are those of trying all', () => {
    const random = new Random(3)
    const nodes = Float64Array.of(0, 1, 2, 3, 4, 5)
    const costs = Array.from(nodes, () => Array.from(nodes, () => random.uniform()))
    const paths = shortestPaths(nodes, 9, (i, j) => costs[i][j])
    expect(paths).toHaveLength(5)
    const price = (path: readonly number[]) => path.slice(1).reduce((sum, j, k) => sum + costs[path[k]][j], 0)
    for (const [k, path] of paths.entries()) {
      const all = subsets([4, 3, 2, 1], k).map((between) => price([5, ...between, 0]))
      expect(path).toHaveLength(k + 2)
      expect(price(Array.from(path))).toBeCloseTo(Math.min(...all), 12)
    }
  })
})

function subsets(from: readonly number[], count: number): number[][] {
  if (count === 0) return [[]]
  return from.flatMap((first, i) => subsets(from.slice(i + 1), count - 1).map((rest) => [first, ...rest]))
}
