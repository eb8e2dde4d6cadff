import { describe, expect, test } from 'vitest'
import { forwardMap } from '../../solvers/grid/index.ts'
import { sde } from '../../solvers/sde/index.ts'
import { rungeKutta } from '../../src/characteristics/index.ts'
import type { Method } from '../../src/consistency-function.ts'
import { createProblem } from '../../src/create/create-problem.ts'
import { exact } from '../../src/exact/exact.ts'
import { foldedShift } from '../../src/expression/shift.ts'
import { points, rowMajor } from '../../src/points/points.ts'
import { denoiser, logDensity, sampleNoised, score } from '../../src/problem/evaluate.ts'
import { Random } from '../../src/random/random.ts'
import { solve } from '../../src/solve.ts'
import type { ProblemSpec } from '../../src/specification/problem.ts'
import { dataAbout } from '../support/problems.ts'

const processes: ProblemSpec['process'][] = [
  { kind: 've' },
  { kind: 'vp', betaMin: 0.1, betaMax: 20 },
  { kind: 'flowMatching' },
]

/** Whole, so that data about it are exact. */
const FAR = 2 ** 27
// of a coordinate there
const ROUNDING = 2 ** -26

const methods: Record<string, Method> = {
  exact: exact(),
  characteristics: rungeKutta({ rtol: 1e-10 }),
  grid: forwardMap(),
}

describe.each(Object.keys(dataAbout) as (keyof typeof dataAbout)[])('%s data at 2^27', (kind) => {
  test.each(processes.map((process) => [process.kind, process] as const))(
    'has the map of the same data at 0 for %s',
    async (_, process) => {
      const [near, far] = [0, FAR].map((at) => createProblem({ process, data: dataAbout[kind](at) }))
      const time = process.kind === 've' ? 5 : 0.8
      const alpha = far.process.alpha(time)
      const d = near.dimension
      const x = Float64Array.from(
        { length: 4 * d },
        (_, i) => [0.3, -2, 1.7, 4][i % 4] * near.process.sigma(time),
      )
      // the same points about α times the place
      const signs = kind === 'gaussian' ? [1, -1] : [1, 1]
      const moved = x.map((value, i) => value + alpha * FAR * signs[i % d])
      const own = moved.map((value, i) => value - alpha * FAR * signs[i % d])
      for (const name of Object.keys(methods)) {
        // no exact map in the plane; grids of these are slow
        if (name === 'exact' && kind === 'mixture') continue
        if (name === 'grid' && (kind === 'formula' || kind === 'radial')) continue
        const [f, g] = await Promise.all(
          [near, far].map((problem) => solve(problem, methods[name], { time })),
        )
        const expected = rowMajor(f.evaluate(time, points(own, d)))
        const found = rowMajor(g.evaluate(time, points(moved, d)))
        // what rounding of x makes of f is at most its slope times that
        const slope = 10 / Math.min(1, alpha)
        for (let i = 0; i < found.length; i++)
          expect(Math.abs(found[i] - FAR * signs[i % d] - expected[i]), `${name}, value ${i}`).toBeLessThan(
            slope * ROUNDING + (name === 'grid' ? 1e-4 : 1e-8),
          )
      }
    },
  )

  test('has the score, the denoiser, the density and the samples of the same data at 0', () => {
    const [near, far] = [0, FAR].map((at) =>
      createProblem({ process: { kind: 've' }, data: dataAbout[kind](at) }),
    )
    const d = near.dimension
    const signs = kind === 'gaussian' ? [1, -1] : [1, 1]
    const x = Float64Array.of(0.25, -1.5, 2, 0.75)
    const moved = x.map((value, i) => value + FAR * signs[i % d])
    const close = (a: Float64Array, b: Float64Array, by: number) =>
      a.forEach((value, i) => {
        expect(Math.abs(value - b[i])).toBeLessThan(by)
      })
    close(rowMajor(score(near, 1, points(x, d))), rowMajor(score(far, 1, points(moved, d))), 1e-10)
    close(logDensity(near, 1, points(x, d)), logDensity(far, 1, points(moved, d)), 1e-10)
    const mean = rowMajor(denoiser(far, 1, points(moved, d))).map((value, i) => value - FAR * signs[i % d])
    close(rowMajor(denoiser(near, 1, points(x, d))), mean, 4 * ROUNDING)
    const [one, other] = [near, far].map((problem) => rowMajor(sampleNoised(problem, 1, 5, new Random(3))))
    close(
      one,
      other.map((value, i) => value - FAR * signs[i % d]),
      4 * ROUNDING,
    )
    const [path, away] = [near, far].map((problem) =>
      rowMajor(sde.forward(problem, { time: 1, steps: 4, count: 3 })),
    )
    close(
      path,
      away.map((value, i) => value - FAR * signs[i % d]),
      8 * ROUNDING,
    )
  })
})

test('data near the origin are left as they are', () => {
  for (const kind of Object.keys(dataAbout) as (keyof typeof dataAbout)[])
    expect(
      createProblem({ process: { kind: 've' }, data: dataAbout[kind](5) }).process.centre,
    ).toBeUndefined()
})

test('numbers that are added to a variable are folded into its shift', () => {
  expect(foldedShift('exp(-(x - 100000003)^2)', ['x'], [1e8])).toBe('exp(-((x + -3) ^ 2))')
  expect(foldedShift('exp(-(100000001 - x)^2)', ['x'], [1e8])).toBe('exp(-((-(x + -1)) ^ 2))')
  expect(foldedShift('exp(-(x1 - 5)^2 - (2 + x2)^2)', ['x1', 'x2'], [4, -2])).toBe(
    'exp((-((x1 + -1) ^ 2)) - ((x2 + 0) ^ 2))',
  )
})
