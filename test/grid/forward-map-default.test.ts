import { describe, expect, it } from 'vitest'
import { startingBox } from '../../solvers/grid/forward-map/patch.ts'
import { probes } from '../../solvers/grid/forward-map/probes.ts'
import { type ForwardMap, forwardMap } from '../../solvers/grid/index.ts'
import { rungeKutta } from '../../src/characteristics/index.ts'
import { flow } from '../../src/characteristics/probability-flow.ts'
import { createProblem } from '../../src/create/create-problem.ts'
import { exactMap } from '../../src/exact/exact.ts'
import { drawNoised } from '../../src/metrics/carried-sample.ts'
import { rowMajor } from '../../src/points/points.ts'
import { sampleNoised } from '../../src/problem/evaluate.ts'
import { Random } from '../../src/random/random.ts'

/** Three modes in the plane, of this deviation. */
function plane(deviation: number) {
  const means = [
    [-2, 0],
    [2, 1.5],
    [1.5, -2],
  ]
  const stds = [deviation, deviation, deviation]
  return createProblem({
    process: { kind: 've' },
    data: { kind: 'mixture', weights: [0.5, 0.3, 0.2], means, stds },
  })
}

describe('the forward-map grid without options', () => {
  it.each([
    ['wide modes, which its first nodes do for', 0.6, 1],
    ['narrow modes, each of which has its own', 0.18, 3],
  ])('has a small error on %s', async (_, deviation, count) => {
    const problem = plane(deviation)
    const map = (await forwardMap().solveVe(problem.density, { time: 20, seed: 0 })) as ForwardMap
    const { error, nodes: taken, patches } = map.diagnostics
    expect(patches.length).toBe(count)
    if (count === 1) expect(taken).toBe(72)
    expect(error?.reached).toBe(true)
    expect(map.warnings).toEqual([])
    const x = rowMajor(sampleNoised(problem, 20, 3000, new Random(5)))
    const truth = await rungeKutta({ rtol: 1e-12, atol: 1e-13 }).solveVe(problem.density, {
      time: 20,
      seed: 0,
    })
    const f = map.evaluate(20, x)
    const squares = truth.evaluate(20, x).reduce((sum, value, i) => sum + (value - f[i]) ** 2, 0)
    const rms = Math.sqrt(squares / 3000)
    expect(rms).toBeLessThan(1e-5)
    // the estimate is that of the worst likely probe
    expect(rms).toBeLessThan(error?.estimate as number)
  })

  it('takes nodes that are given as they are', async () => {
    const map = (await forwardMap({ nodes: 40 }).solveVe(plane(0.18).density, {
      time: 20,
      seed: 0,
    })) as ForwardMap
    expect(map.diagnostics.nodes).toBe(40)
    expect(map.diagnostics.error).toBeNull()
  })

  it('begins no trajectory where there is no data', () => {
    const { density } = createProblem({
      process: { kind: 've' },
      data: { kind: 'formula', density: 'x > 1.1 ? (x - 1.1)^2 exp(-2.2 (x - 1.1)) : 0' },
    })
    const { low, high } = startingBox(density, 0.5)
    const edge = (1.1 - density.moments.mean[0]) / density.moments.scale
    expect(low[0]).toBeGreaterThan(edge)
    expect(low[0]).toBeLessThan(edge + 0.05)
    // from beyond the edge it takes any number of steps
    const forward = flow(density, { rtol: 1e-8, maxSteps: 400 })
    forward.carry(
      Float64Array.of(0, Math.atan2(0.5, density.moments.scale)),
      Float64Array.of(low[0], high[0]),
    )
    expect(forward.functionEvaluations).toBeLessThan(5000)
  })
})

describe('given nodes', () => {
  it.each([
    [20, 1],
    [40, 1],
    [640, 0],
  ])(
    'are measured: %d of them on narrow modes have %d warnings, and no error above the estimate',
    async (nodes, count) => {
      const { density } = createProblem({
        process: { kind: 've' },
        data: {
          kind: 'mixture',
          weights: [0.4, 0.4, 0.2],
          means: [[-2], [2], [0.5]],
          stds: [0.1, 0.3, 0.05],
        },
      })
      const map = (await forwardMap({ nodes }).solveVe(density, { time: 10, seed: 0 })) as ForwardMap
      const x = drawNoised(density, 10, 200, new Random(1))
      const truth = (exactMap(density) as (t: number, x: Float64Array) => Float64Array)(10, x)
      const error = Math.hypot(...map.evaluate(10, x).map((value, i) => value - truth[i])) / Math.sqrt(200)
      expect(map.diagnostics.estimate).toBeGreaterThan(error)
      expect(map.warnings).toHaveLength(count)
      if (count > 0)
        expect(map.warnings?.[0]).toMatch(
          /^The forward-map grid of \d+ nodes an axis estimates its own error at \d\.\de-\d/,
        )
    },
  )

  it('are measured in sixteen modes of many, and in the narrowest', () => {
    const rows = Array.from({ length: 300 }, (_, k) => [Math.cos(k * k), Math.sin(3 * k)])
    const kernels = createProblem({
      process: { kind: 've' },
      data: { kind: 'empirical', points: rows, bandwidth: 0.2 },
    })
    expect(probes(kernels.density, 1, 1e-6, 1, 16, 16).starts.length).toBeLessThanOrEqual(2 * 16 * 20)
    const means = Array.from({ length: 100 }, (_, k) => [k])
    const { density } = createProblem({
      process: { kind: 've' },
      data: {
        kind: 'mixture',
        weights: means.map(() => 0.01),
        means,
        stds: means.map((_, k) => (k === 77 ? 0.01 : 0.2)),
      },
    })
    const { starts } = probes(density, 1, 1e-6, 1, 16, 16)
    const { mean, scale } = density.moments
    const near = starts.filter((y) => Math.abs(mean[0] + scale * y - 77) < 0.05)
    expect(near.length).toBeGreaterThanOrEqual(8)
  })
})
