import { describe, expect, it } from 'vitest'
import { ctFixedPoint, modifiedEquation } from '../../solvers/fixed-points/index.ts'
import type { Method, VeMap } from '../../src/consistency-function.ts'
import { createProblem } from '../../src/problem/create.ts'

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

  it('is for one dimension', () => {
    const plane = createProblem({
      process: { kind: 've' },
      data: { kind: 'mixture', weights: [1], means: [[0, 0]], stds: [1] },
    })
    expect(() => modifiedEquation().solveVe(plane.density, { time: 1, seed: 0 })).toThrow(/dimension/)
  })
})
