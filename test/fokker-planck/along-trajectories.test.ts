import { describe, expect, it } from 'vitest'
import { rungeKutta } from '../../src/characteristics/index.ts'
import { createProblem } from '../../src/create/create-problem.ts'
import { differenceAlongTrajectories } from '../../src/fokker-planck/along-trajectories.ts'
import type { NonlinearDrift, Process } from '../../src/problem/process.ts'
import { solve } from '../../src/solve.ts'

/** dX = −X dt + dB from N(0, 2 I) in the plane, its drift taken for one that is not linear. */
function relaxing(grid: { nodes?: number; tolerance?: number }, drift: string | string[] = '-x') {
  return createProblem({
    process: { kind: 'custom', drift, sigma: '1', grid },
    data: {
      kind: 'gaussian',
      mean: [0, 0],
      covariance: [
        [2, 0],
        [0, 2],
      ],
    },
  })
}
const times = Array.from({ length: 41 }, (_, k) => k / 40)

/** log p_t of N(0, v(t) I). */
function normal(v: (t: number) => number) {
  return {
    spacing: Float64Array.of(0.1, 0.1),
    box: [
      [-9, 9],
      [-9, 9],
    ] as const,
    score(t: number, x: Float64Array, out: Float64Array) {
      for (const [i, value] of x.entries()) out[i] = -value / v(t)
    },
    value(t: number, x: Float64Array, out: Float64Array) {
      for (let row = 0; row < out.length; row++)
        out[row] = -(x[2 * row] ** 2 + x[2 * row + 1] ** 2) / (2 * v(t)) - Math.log(2 * Math.PI * v(t))
    },
  }
}

describe('log p_t along trajectories of the probability-flow ODE', () => {
  it.each([
    ['one formula', '-x'],
    ['one a coordinate', ['-x1', '-x2']],
  ])('agrees with the law of the process and with no other, %s', (_, drift) => {
    const { process, density } = relaxing({}, drift)
    const own = process as Process & { readonly nonlinear: NonlinearDrift }
    const difference = (v: (t: number) => number) =>
      differenceAlongTrajectories(own, density, normal(v), times)
    const variance = (t: number) => 0.5 + 1.5 * Math.exp(-2 * t)
    expect(difference(variance)).toBeLessThan(1e-6)
    // noise 1 % too strong, a start that is off by as much, and a density that stands still
    expect(difference((t) => 0.505 + 1.495 * Math.exp(-2 * t))).toBeGreaterThan(1e-3)
    expect(difference((t) => 1.01 * variance(t))).toBeGreaterThan(1e-3)
    expect(difference(() => 2)).toBeGreaterThan(0.1)
  })

  it('is said where a grid is too coarse for it', { timeout: 60_000 }, async () => {
    const f = await solve(relaxing({ nodes: 64, tolerance: 0.1 }, ['x2', '-sin(3 * x1)']), rungeKutta(), {
      time: 1,
    })
    const { along } = f.ve.diagnostics as { along: number }
    expect(along).toBeGreaterThan(1e-4)
    expect(f.warnings).toEqual([expect.stringMatching(/^log p_t on its grid differs by up to /)])
  })
})
