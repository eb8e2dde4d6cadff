import { describe, expect, it } from 'vitest'
import { ctFixedPoint, modifiedEquation } from '../../solvers/fixed-points/index.ts'
import type { Method, VeMap } from '../../src/consistency-function.ts'
import { createProblem } from '../../src/create/create-problem.ts'
import { veTime } from '../../src/problem/process.ts'

const { density } = createProblem({
  process: { kind: 've' },
  data: { kind: 'mixture', weights: [0.4, 0.6], means: [-1.2, 1], stds: [0.8, 0.9] },
})
const TIME = 5
const x = Float64Array.from(
  { length: 401 },
  (_, i) => (3.5 * Math.hypot(density.moments.scale, TIME) * (i - 200)) / 200,
)
const log = new Float64Array(x.length)
density.logDensity?.(TIME, x, log)

/** RMS over p_T of the distance of two maps. */
function distance(one: Method, other: Method): number {
  const [a, b] = [one, other].map((method) =>
    (method.solveVe(density, { time: TIME, seed: 0 }) as VeMap).evaluate(TIME, x),
  )
  let [square, total] = [0, 0]
  log.forEach((value, i) => {
    square += Math.exp(value) * (a[i] - b[i]) ** 2
    total += Math.exp(value)
  })
  return Math.sqrt(square / total)
}

describe('the modified equation of consistency training', () => {
  const between = (intervals: number, shift: boolean) =>
    distance(
      ctFixedPoint({ intervals, nodes: 801 }),
      modifiedEquation({ intervals, shift, nodes: 801, substeps: 6 }),
    )
  const [coarse, fine] = [64, 128]

  it('is the fixed point up to second order in Δt', () => {
    const ratio = between(coarse, true) / between(fine, true)
    expect(ratio).toBeGreaterThan(2.9)
    expect(ratio).toBeLessThan(4.5)
  })

  it('without the Euler shift is so to first order only', () => {
    const ratio = between(coarse, false) / between(fine, false)
    expect(ratio).toBeGreaterThan(1.7)
    expect(ratio).toBeLessThan(2.3)
    expect(between(fine, false)).toBeGreaterThan(3 * between(fine, true))
  })

  it('is for one or two dimensions', () => {
    const space = createProblem({
      process: { kind: 've' },
      data: { kind: 'mixture', weights: [1], means: [[0, 0, 0]], stds: [1] },
    })
    expect(() => modifiedEquation().solveVe(space.density, { time: 1, seed: 0 })).toThrow(/dimension/)
  })
})

describe('in two dimensions, with a full matrix C that varies', () => {
  const plane = createProblem({
    process: { kind: 've' },
    data: {
      kind: 'mixture',
      weights: [0.4, 0.6],
      means: [
        [-1.1, 0.2],
        [0.9, -0.3],
      ],
      covariances: [
        [
          [0.7, 0.2],
          [0.2, 0.6],
        ],
        [
          [0.8, -0.25],
          [-0.25, 0.7],
        ],
      ],
    },
  }).density
  const [side, reach] = [31, 3 * Math.hypot(plane.moments.scale, TIME)]
  const points = Float64Array.from({ length: 2 * side * side }, (_, i) => {
    const index = i % 2 === 0 ? Math.floor(i / (2 * side)) : (i >> 1) % side
    return reach * ((2 * index) / (side - 1) - 1)
  })
  const density = new Float64Array(side * side)
  plane.logDensity?.(TIME, points, density)
  const values = (method: Method) =>
    (method.solveVe(plane, { time: TIME, seed: 0 }) as VeMap).evaluate(TIME, points)

  function apart(a: Float64Array, b: Float64Array): number {
    let [square, total] = [0, 0]
    density.forEach((log, i) => {
      const weight = Math.exp(log)
      square += weight * ((a[2 * i] - b[2 * i]) ** 2 + (a[2 * i + 1] - b[2 * i + 1]) ** 2)
      total += weight
    })
    return Math.sqrt(square / total)
  }

  const fixed = [16, 32].map((intervals) => values(ctFixedPoint({ intervals, nodes: 49 })))
  const ratio = (shift: boolean) => {
    const [coarse, fine] = [16, 32].map((intervals, k) =>
      apart(fixed[k], values(modifiedEquation({ intervals, shift, nodes: 49 }))),
    )
    return coarse / fine
  }

  it('is the fixed point up to second order in Δt', () => {
    expect(Math.abs(Math.log2(ratio(true)) - 2)).toBeLessThan(0.2)
  })

  it('without the Euler shift to first order', () => {
    expect(Math.abs(Math.log2(ratio(false)) - 1)).toBeLessThan(0.2)
  })
})

it('is refused where its last step is too long, and at the end of a process that ends in noise', () => {
  const at = (kind: 've' | 'flowMatching', t: number) => {
    const { process } = createProblem({
      process: { kind },
      data: { kind: 'gaussian', mean: [0], covariance: [[1]] },
    })
    return () =>
      modifiedEquation({ intervals: 4, nodes: 101 }).solveVe(density, { time: veTime(process, t), seed: 0 })
  }
  expect(at('flowMatching', 1)).toThrow(/^σ\/α at the time is Infinity; expected at most [\d.]+, 300 dev/)
  expect(at('ve', 1000)).toThrow(/300 deviations of the data/)
  expect(at('flowMatching', 0.99)).not.toThrow()
})
