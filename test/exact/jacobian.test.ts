import { describe, expect, it } from 'vitest'
import { sampler } from '../../solvers/sampling/index.ts'
import { rungeKutta } from '../../src/characteristics/index.ts'
import type { ConsistencyFunction, Method } from '../../src/consistency-function.ts'
import { createProblem } from '../../src/create/create-problem.ts'
import { jacobian } from '../../src/derivative/jacobian.ts'
import { layers } from '../../src/derivative/steep-layers.ts'
import { exact } from '../../src/exact/exact.ts'
import { points, pointsFromRows, rowMajor } from '../../src/points/points.ts'
import { sampleNoised } from '../../src/problem/evaluate.ts'
import type { Problem } from '../../src/problem/problem.ts'
import { Random } from '../../src/random/random.ts'
import { solve } from '../../src/solve.ts'
import { referenceCase, smallProblems } from '../support/problems.ts'

const COUNT = 12

/** ∂f/∂x by central differences of order 4, [n, d, d]. */
function differences(f: ConsistencyFunction, t: number, x: Float64Array, step: number): Float64Array {
  const d = f.dimension
  const out = new Float64Array(x.length * d)
  const shifted = (j: number, by: number) => {
    const moved = x.map((value, i) => (i % d === j ? value + by : value))
    const rows = Array.from({ length: x.length / d }, (_, row) => [...moved.subarray(row * d, (row + 1) * d)])
    return rowMajor(f.evaluate(t, pointsFromRows(rows)))
  }
  for (let j = 0; j < d; j++) {
    const [a, b, c, e] = [step, -step, 2 * step, -2 * step].map((by) => shifted(j, by))
    for (let i = 0; i < x.length; i++) out[i * d + j] = (8 * (a[i] - b[i]) - (c[i] - e[i])) / (12 * step)
  }
  return out
}

/** The largest difference between two lists of matrices, relative to the largest entry of each. */
function apart(a: Float64Array, b: Float64Array, size: number): number {
  let worst = 0
  for (let start = 0; start < a.length; start += size) {
    const largest = Math.max(...a.subarray(start, start + size).map(Math.abs))
    for (let i = start; i < start + size; i++) worst = Math.max(worst, Math.abs(a[i] - b[i]) / largest)
  }
  return worst
}

async function jacobians(problem: Problem, time: number) {
  const d = problem.dimension
  const X = sampleNoised(problem, time, COUNT, Random.stream(5, 'jacobian'))
  const f = await solve(problem, exact(), { time })
  const characteristics = await solve(problem, rungeKutta({ rtol: 1e-11, atol: 1e-13 }), { time })
  const closed = f.jacobian?.(time, X)
  const variational = characteristics.jacobian?.(time, X)
  if (!closed || !variational) throw new Error('both have a derivative')
  expect(closed.shape).toEqual([COUNT, d, d])
  expect(variational.shape).toEqual([COUNT, d, d])
  return { closed: closed.data, variational: variational.data, f, x: rowMajor(X) }
}

const vp: Problem = createProblem({
  process: { kind: 'vp', betaMin: 0.1, betaMax: 20 },
  data: { kind: 'mixture', weights: [0.4, 0.6], means: [-1.5, 1.5], stds: [0.8, 0.6] },
})
const cases: [string, Problem, number][] = [
  ['gaussian, 3-D', smallProblems['gaussian, 3-D'], 2],
  ['mixture, 1-D', smallProblems['mixture, 1-D'], 3],
  ['mixture, 1-D, VP', vp, 0.7],
  ['product, 2-D', smallProblems['product, 2-D'], 4],
  ['radial, 3-D', smallProblems['radial, 3-D'], 3],
  ['formula, 1-D', smallProblems['formula, 1-D'], 2],
]

describe.each(cases)('∂f/∂x of %s', (name, problem, time) => {
  it('has a closed form that central differences confirm, and characteristics agree', async () => {
    const { closed, variational, f, x } = await jacobians(problem, time)
    const size = problem.dimension ** 2
    const rough = name === 'formula, 1-D'
    // one of the radial points lies in a layer
    const step = name === 'radial, 3-D' ? 1e-4 : 1e-3
    expect(apart(closed, differences(f, time, x, step), size)).toBeLessThan(rough ? 1e-5 : 1e-7)
    expect(apart(closed, variational, size)).toBeLessThan(rough ? 1e-6 : 1e-8)
  })
})

describe('layers', () => {
  it('are found on the line however thin they are', async () => {
    const { problem, t } = referenceCase('mixture-1d-t5')
    const f = await solve(problem, exact(), { time: t })
    const found = layers(f, problem, t)
    const slope = (x: number) => jacobian(f, t, points(Float64Array.of(x), 1)).data[0]
    for (const [i, { x, image, slope: top, width, direction }] of found.entries()) {
      expect(f.evaluate(t, points(Float64Array.of(x[0]), 1)).data[0]).toBeCloseTo(image[0], 3)
      expect(Math.abs(direction[0])).toBe(1)
      expect(slope(x[0])).toBeCloseTo(top, 6)
      // half of the slope at the ends of the width, which is not symmetric: between 0.3 and 0.8 at half of it
      for (const side of [-0.5, 0.5]) expect(slope(x[0] + side * width) / top).toBeGreaterThan(0.1)
      for (const side of [-0.5, 0.5]) expect(slope(x[0] + side * width) / top).toBeLessThan(0.9)
      if (i > 0) expect(top).toBeLessThan(found[i - 1].slope)
    }
    // f' = p_t(x)/p_data(f): the largest where p_data is smallest between its modes
    const start = Float64Array.from({ length: 20_001 }, (_, k) => -3 + k * 1.5e-4)
    const there = new Float64Array(start.length)
    const here = new Float64Array(start.length)
    const places = f.flow?.evaluate(0, t, points(start, 1)).data ?? start
    problem.density.logDensity?.(t, places, there)
    problem.density.logDensity?.(0, start, here)
    const largest = Math.max(...there.map((value, k) => Math.exp(value - here[k])))
    expect(found[0].slope / largest).toBeCloseTo(1, 4)
    expect(found[0].slope).toBeGreaterThan(1e4)
    expect(found[0].width).toBeLessThan(1e-4)
  })

  it('end where the slope has fallen to half: those of two equal modes at the same distance', async () => {
    const problem = createProblem({
      process: { kind: 've' },
      data: { kind: 'mixture', weights: [0.5, 0.5], means: [-2, 2], stds: [0.5, 0.5] },
    })
    const f = await solve(problem, exact(), { time: 3 })
    const [{ x, slope: top, width }] = layers(f, problem, 3)
    expect(x[0]).toBeCloseTo(0, 3)
    for (const side of [-0.5, 0.5]) {
      const slope = jacobian(f, 3, points(Float64Array.of(x[0] + side * width), 1)).data[0]
      expect(slope / top).toBeCloseTo(0.5, 2)
    }
  })

  it('agree between characteristics and the exact map', async () => {
    const problem = smallProblems['product, 2-D']
    const [a, b] = await Promise.all(
      [exact(), rungeKutta({ rtol: 1e-11, atol: 1e-13 })].map(
        async (method) => layers(await solve(problem, method, { time: 4 }), problem, 4)[0],
      ),
    )
    expect(b.slope / a.slope).toBeCloseTo(1, 7)
    expect(b.width / a.width).toBeCloseTo(1, 5)
    expect(a.slope).toBeGreaterThan(1)
  })

  it.each([0.1, 0.01])('thinner than rounding are one jump, standard deviation %f', async (std) => {
    const problem = createProblem({
      process: { kind: 've' },
      data: { kind: 'mixture', weights: [0.5, 0.5], means: [-1.5, 1.5], stds: [std, std] },
    })
    const found = layers(await solve(problem, exact(), { time: 5 }), problem, 5)
    expect(found).toHaveLength(1)
    expect(Math.abs(found[0].x[0])).toBeLessThan(1e-14)
    expect(found[0].slope).toBeGreaterThan(1e40)
    expect(found[0].width).toBeLessThan(1e-14)
  })

  it('are looked for where they are asked for', async () => {
    const { problem, t } = referenceCase('mixture-1d-t5')
    const f = await solve(problem, exact(), { time: t })
    const [steepest, ...others] = layers(f, problem, t)
    const starts = points(
      Float64Array.from({ length: 101 }, (_, i) => -3 + i * 0.03),
      1,
    )
    expect(layers(f, problem, t, { starts })[0].slope / steepest.slope).toBeCloseTo(1, 2)
    expect(layers(f, problem, t, { factor: 1e5 }).length).toBeLessThan(others.length + 1)
  })

  it('are none for a Gaussian, and need a derivative', async () => {
    const problem = smallProblems['gaussian, 3-D']
    expect(layers(await solve(problem, exact(), { time: 2 }), problem, 2)).toEqual([])
    const steps = await solve(problem, sampler({ steps: 4 }), { time: 2 })
    expect(() => layers(steps, problem, 2)).toThrow(
      /f is "sampler:heun-4"; expected a map with the two-time map/,
    )
    expect(() => jacobian(steps, 2, pointsFromRows([[0, 0, 0]]))).toThrow(/a map with a derivative/)
  })
})

it('in a layer, characteristics have the slope of the exact map', async () => {
  const { problem, t } = referenceCase('mixture-1d-t5')
  const f = await solve(problem, exact(), { time: t })
  const characteristics = await solve(problem, rungeKutta({ rtol: 1e-13, atol: 1e-15 }), { time: t })
  const starts = points(
    Float64Array.from({ length: 101 }, (_, i) => -3 + i / 20),
    1,
  )
  const X = f.flow?.evaluate(0, t, starts) ?? starts
  const closed = jacobian(f, t, X).data
  expect(Math.max(...closed)).toBeGreaterThan(1e4)
  expect(apart(closed, jacobian(characteristics, t, X).data, 1)).toBeLessThan(1e-6)
})

it('a map with Jacobian–vector products alone has it by those', async () => {
  const A = [2, -1, 0.5, 3]
  const linear: Method = {
    name: 'linear',
    options: {},
    target: 'map',
    random: false,
    solveVe: () => {
      const apply = (x: Float64Array) =>
        x.map((_, i) => A[2 * (i % 2)] * x[i - (i % 2)] + A[2 * (i % 2) + 1] * x[i + 1 - (i % 2)])
      return {
        evaluate: (_, x) => apply(x),
        // ∂_t f = 7
        jvp: (_, x, dx) => ({ value: apply(x), tangent: apply(dx).map((value) => value + 7) }),
        functionEvaluations: 0,
      }
    },
  }
  const vp2 = createProblem({
    process: { kind: 'vp', betaMin: 0.1, betaMax: 20 },
    data: {
      kind: 'gaussian',
      mean: [0, 0],
      covariance: [
        [1, 0],
        [0, 1],
      ],
    },
  })
  const f = await solve(vp2, linear, { time: 0.5 })
  const J = jacobian(
    f,
    0.5,
    pointsFromRows([
      [1, 2],
      [0, -1],
    ]),
  )
  const alpha = vp2.process.alpha(0.5)
  for (let row = 0; row < 2; row++)
    for (let k = 0; k < 4; k++) expect(J.get(row, k >> 1, k % 2)).toBeCloseTo(A[k] / alpha, 12)
})

it('at t = 0 it is the identity', async () => {
  const problem = smallProblems['product, 2-D']
  const f = await solve(problem, exact(), { time: 1 })
  expect(f.jacobian?.(0, pointsFromRows([[3, 4]])).data).toEqual(Float64Array.of(1, 0, 0, 1))
})

it('its determinant is p_t(x)/p_data(f(x))', async () => {
  const problem = smallProblems['mixture, 2-D']
  const { density } = problem
  const X = sampleNoised(problem, 3, COUNT, Random.stream(6, 'jacobian'))
  const f = await solve(problem, rungeKutta({ rtol: 1e-11, atol: 1e-13 }), { time: 3 })
  const J = f.jacobian?.(3, X).data ?? new Float64Array(0)
  const [there, here] = [new Float64Array(COUNT), new Float64Array(COUNT)]
  density.logDensity?.(3, rowMajor(X), there)
  density.logDensity?.(0, rowMajor(f.evaluate(3, X)), here)
  for (let row = 0; row < COUNT; row++) {
    const [a, b, c, e] = J.subarray(4 * row, 4 * row + 4)
    expect(Math.log(a * e - b * c)).toBeCloseTo(there[row] - here[row], 8)
  }
})

it('data on points has none along characteristics', async () => {
  const problem = createProblem({
    process: { kind: 've' },
    data: {
      kind: 'empirical',
      points: [
        [0, 0],
        [1, 2],
      ],
      bandwidth: 0,
    },
  })
  const f = await solve(problem, rungeKutta(), { time: 1 })
  expect(() => f.jacobian?.(1, pointsFromRows([[0, 0]]))).toThrow(/data with a density/)
})
