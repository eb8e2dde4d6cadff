import { describe, expect, it } from 'vitest'
import { type ForwardMap, forwardMap } from '../../solvers/grid/index.ts'
import { rungeKutta } from '../../src/characteristics/index.ts'
import { createProblem } from '../../src/create/create-problem.ts'
import { exactMap } from '../../src/exact/exact.ts'

function mixture(weights: number[], means: number[][], stds: number[]) {
  return createProblem({ process: { kind: 've' }, data: { kind: 'mixture', weights, means, stds } }).density
}

const solve = async (density: ReturnType<typeof mixture>, time: number, options = {}) =>
  (await forwardMap(options).solveVe(density, { time, seed: 0 })) as ForwardMap

describe('a mode of weight 1e-4 and deviation 0.01 beside one of deviation 1', () => {
  const rare = mixture([0.9999, 0.0001], [[0], [3]], [1, 0.01])
  // forty digits
  const x = [30.41766797640188, 30.3, 31, 29.5]
  const f = [3.026689405829782, 3.0161458346226553, 3.0845407096990076, 2.954437321108819]

  it.each([{ tolerance: 1e-6 }, {}])('is seen and resolved with options %o', async (options) => {
    const map = await solve(rare, 10, options)
    map.evaluate(10, Float64Array.from(x)).forEach((value, i) => {
      expect(Math.abs(value - f[i])).toBeLessThan(1e-8)
    })
    expect(map.diagnostics.error?.reached).toBe(true)
  })
})

it.each([{ tolerance: 1e-6 }, {}])(
  'a mode of deviation 0.01 inside one of deviation 2, options %o',
  async (options) => {
    const density = mixture([0.5, 0.5], [[0], [0]], [2, 0.01])
    const map = await solve(density, 10, options)
    const x = Float64Array.of(6.987851252755128, 1, -3, 0.2, 12)
    const truth = exactMap(density)?.(10, x) as Float64Array
    map.evaluate(10, x).forEach((value, i) => {
      expect(Math.abs(value - truth[i])).toBeLessThan(1e-8)
    })
    expect(map.warnings).toEqual([])
  },
)

describe('starts beyond 4 deviations of every mode, beside a rare part far away', () => {
  // one grid around both, and a patch around each
  it.each([
    [1e-5, 100, 1],
    [1e-6, 110, 2],
    [1e-5, -80, 0.7],
  ])('of weight %s at %s, deviation %s', async (weight, mean, deviation) => {
    const density = mixture([1 - weight, weight], [[0], [mean]], [1, deviation])
    const x = Float64Array.from({ length: 521 }, (_, i) => i / 2 - 130)
    const map = await solve(density, 10)
    const truth = exactMap(density)?.(10, x) as Float64Array
    map.evaluate(10, x).forEach((value, i) => {
      expect(Math.abs(value - truth[i])).toBeLessThan(1e-5 * density.moments.scale)
    })
  })
})

describe('a gap 400 times as wide as its modes', () => {
  it.each([
    ['on the line', [[-2], [2]], 10],
    ['on the line, 1e3 from the origin', [[-1000], [1000]], 10],
    [
      'in the plane',
      [
        [-2, 0],
        [2, 0],
      ],
      10,
    ],
  ])('%s', async (_, means, time) => {
    const density = mixture([0.5, 0.5], means, [0.01, 0.01])
    const d = density.dimension
    const map = await solve(density, time, { tolerance: 1e-6 })
    expect(map.diagnostics.error?.reached).toBe(true)
    // 40 points of both modes, from their middles to 3 deviations, carried to T
    const truth = await rungeKutta({ rtol: 1e-12, atol: 1e-15 }).solveVe(density, { time, seed: 0 })
    const x = Float64Array.from({ length: 40 * d }, (_, at) => {
      const row = Math.floor(at / d)
      return means[row % 2][at % d] + time * 3 * Math.sin(2.3 * row + (at % d)) * (row / 40)
    })
    const exact = truth.evaluate(time, x)
    map.evaluate(time, x).forEach((value, i) => {
      expect(Math.abs(value - exact[i])).toBeLessThan(1e-6)
    })
  })
})

it('asks for a small part of a narrow mode without options, however far the others are', async () => {
  const density = mixture(
    [0.5, 0.5],
    [
      [-1000, 0, 0],
      [1000, 0, 0],
    ],
    [0.01, 0.01],
  )
  const { error } = (await solve(density, 10)).diagnostics
  expect(error?.asked).toBeLessThan(1e-3)
  expect(error?.reached).toBe(true)
})
