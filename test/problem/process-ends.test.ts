import { describe, expect, it } from 'vitest'
import { gridMethod } from '../../solvers/grid/index.ts'
import { sampler } from '../../solvers/sampling/index.ts'
import { sde } from '../../solvers/sde/index.ts'
import { rungeKutta } from '../../src/characteristics/index.ts'
import type { Method } from '../../src/consistency-function.ts'
import { parseProblem } from '../../src/create/create-problem.ts'
import { exact } from '../../src/exact/exact.ts'
import { points } from '../../src/points/points.ts'
import { processTime, veTime } from '../../src/problem/process.ts'
import { solve } from '../../src/solve.ts'

// what each of these processes ends with is the noise Z itself, so that f is the same for all
const ends = [
  { process: { kind: 'flowMatching' }, time: 1 },
  { process: { kind: 'cosine' }, time: 1 },
  { process: { kind: 'ddpm', betas: [0.2, 0.3, 1] }, time: 3 },
  { process: { kind: 'interpolant', alpha: 'cos(pi / 2 * t)', sigma: 'sin(pi / 2 * t)' }, time: 1 },
  { process: { kind: 've' }, time: Infinity },
  { process: { kind: 'edm' }, time: Infinity },
]

const gaussian = {
  kind: 'gaussian',
  mean: [0.7, -3],
  covariance: [
    [1.7, 0.3],
    [0.3, 0.4],
  ],
}
const line = { kind: 'mixture', weights: [0.3, 0.7], means: [-0.5, 1], stds: [0.1, 0.2] }
const plane = {
  kind: 'mixture',
  weights: [0.3, 0.3, 0.4],
  means: [
    [-0.5, 0],
    [1, 1],
    [0, -2],
  ],
  stds: [0.3, 0.4, 0.3],
}
const radial = {
  kind: 'radial',
  dimension: 3,
  centre: [1, 0, 2],
  weights: [0.5, 0.5],
  radii: [1, 3],
  thicknesses: [0.2, 0.3],
}
const formula = { kind: 'formula', density: 'exp(-(x + 0.5)^2 / 0.02) * 3 + exp(-(x - 1)^2 / 0.08) * 3.5' }

async function evaluate(
  process: object,
  data: object,
  method: Method,
  time: number,
  x: readonly number[],
  d: number,
) {
  const f = await solve(parseProblem({ process, data }), method, { time })
  return Array.from(f.evaluate(time, points(Float64Array.from(x), d)).data)
}

function farthest(a: readonly number[], b: readonly number[]): number {
  return Math.max(...a.map((value, i) => Math.abs(value - b[i])))
}

describe.each(ends)('$process.kind to $time', ({ process, time }) => {
  it('has the affine map of a Gaussian', async () => {
    const z = [-3, -1, 0.4, 0, 1.2, 2]
    const wanted = z.map((value) => -2 + 0.3 * value)
    const data = { kind: 'gaussian', mean: [-2], covariance: [[0.09]] }
    for (const method of [exact(), rungeKutta(), gridMethod({ scheme: 'weno5', nodes: 65 })])
      expect(farthest(await evaluate(process, data, method, time, z, 1), wanted)).toBeLessThan(1e-12)
    // Σ^{1/2}, by the formula for two dimensions
    const [root, trace] = [Math.sqrt(1.7 * 0.4 - 0.09), Math.sqrt(2.1 + 2 * Math.sqrt(1.7 * 0.4 - 0.09))]
    const image = (a: number, b: number) => [
      0.7 + ((1.7 + root) * a + 0.3 * b) / trace,
      -3 + (0.3 * a + (0.4 + root) * b) / trace,
    ]
    const images = [...image(-3, -1), ...image(0.4, 0), ...image(1.2, 2)]
    expect(farthest(await evaluate(process, gaussian, exact(), time, z, 2), images)).toBeLessThan(1e-12)
    const solved = await evaluate(process, gaussian, rungeKutta({ rtol: 1e-13, atol: 1e-15 }), time, z, 2)
    expect(farthest(solved, images)).toBeLessThan(1e-11)
  })

  it('has the quantile map on the line', async () => {
    // F₀⁻¹(Φ(z)) with 15 digits, by bisection in mpmath
    const z = [-3, -1, 0, 0.4, 2.5]
    const wanted = [
      -0.761207996423705, -0.492761850011194, 0.886810235613427, 1.00388318419913, 1.47419220889515,
    ]
    for (const [data, most] of [
      [line, 1e-13],
      [formula, 1e-11],
    ] as const)
      expect(farthest(await evaluate(process, data, exact(), time, z, 1), wanted)).toBeLessThan(most)
    expect(
      farthest(await evaluate(process, line, rungeKutta({ rtol: 1e-12 }), time, z, 1), wanted),
    ).toBeLessThan(1e-11)
    expect(
      farthest(await evaluate(process, line, gridMethod({ scheme: 'forward-map' }), time, z, 1), wanted),
    ).toBeLessThan(1e-9)
    expect(
      farthest(
        await evaluate(
          process,
          line,
          gridMethod({ scheme: 'weno5', nodes: 401, mesh: 'moving' }),
          time,
          z,
          1,
        ),
        wanted,
      ),
    ).toBeLessThan(1e-4)
  })

  it('goes on from the map just before the end', async () => {
    const problem = parseProblem({ process, data: plane })
    const before = processTime(problem.process, 1e8)
    const z = Float64Array.of(-3, -1, 0.1, 0.2, 1, 1.4, -0.3, 2)
    const { alpha, sigma } = problem.process
    const close = rungeKutta({ rtol: 1e-12, atol: 1e-14 })
    const last = await evaluate(process, plane, close, time, Array.from(z), 2)
    const x = Array.from(z, (value) => Math.hypot(alpha(before), sigma(before)) * value)
    // f(t, ·) differs by O(α), and by its rounding here
    expect(farthest(await evaluate(process, plane, close, before, x, 2), last)).toBeLessThan(1e-7)
    expect(
      farthest(
        await evaluate(process, plane, gridMethod({ scheme: 'forward-map' }), time, Array.from(z), 2),
        last,
      ),
    ).toBeLessThan(1e-6)
    const spheres = [-1, 0.4, 2, 0.1, -0.3, 0.2]
    const mapped = await evaluate(process, radial, exact(), time, spheres, 3)
    expect(farthest(await evaluate(process, radial, close, time, spheres, 3), mapped)).toBeLessThan(1e-9)
  })

  it('is reached by the samplers, at their orders', async () => {
    const z = [-1.2, 0.7, 0.1, 0.2, 1, 1.4]
    const wanted = await evaluate(process, plane, rungeKutta(), time, z, 2)
    for (const [solver, order] of [
      ['euler', 1],
      ['heun', 2],
      ['dpm-2m', 2],
    ] as const) {
      const errors: number[] = []
      for (const steps of [64, 128])
        errors.push(
          farthest(
            await evaluate(process, plane, sampler({ solver, steps, sigmaMin: 1e-4 }), time, z, 2),
            wanted,
          ),
        )
      expect(errors[1]).toBeLessThan(errors[0] * 0.5 ** (0.8 * order))
      expect(errors[1]).toBeLessThan(0.2)
    }
    await expect(evaluate(process, plane, sampler({ schedule: 'karras' }), time, z, 2)).rejects.toThrow(
      'expected cosine',
    )
  })

  it('refuses what has no limit there', async () => {
    const problem = parseProblem({ process, data: plane })
    expect(veTime(problem.process, time)).toBe(2 ** 166)
    if (time === Infinity)
      expect(() => sde.reverse(problem, { time, steps: 10, count: 10 })).toThrow('a finite time for paths')
    await expect(evaluate(process, plane, rungeKutta({ coordinates: 't' }), time, [0, 0], 2)).rejects.toThrow(
      'comoving',
    )
    const huge = { kind: 'gaussian', mean: [1e40], covariance: [[1e72]] }
    await expect(evaluate(process, huge, exact(), time, [0], 1)).rejects.toThrow('a time before the end')
    const score = { kind: 'expression', score: '-x' }
    await expect(evaluate(process, score, rungeKutta(), time, [0], 1)).rejects.toThrow('a score alone')
  })
})
