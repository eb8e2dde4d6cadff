import { describe, expect, it } from 'vitest'
import { similarBlocks } from '../../src/characteristics/blocks.ts'
import { rungeKutta, type TableauName, tableaux } from '../../src/characteristics/index.ts'
import { parseProblem } from '../../src/create/create-problem.ts'
import { gaussianMap } from '../../src/exact/exact.ts'
import { quantileMap } from '../../src/exact/quantile.ts'
import type { ButcherTableau } from '../../src/numeric/butcher-tableau.ts'
import { pointsFromRows } from '../../src/points/points.ts'
import type { Density } from '../../src/problem/density.ts'
import { Random } from '../../src/random/random.ts'
import { solve } from '../../src/solve.ts'
import { referenceCase, referenceCases } from '../support/problems.ts'

const densityOf = (data: unknown) => parseProblem({ process: { kind: 've' }, data }).density

async function evaluate(
  density: Density,
  options: Parameters<typeof rungeKutta>[0],
  t: number,
  x: Float64Array,
) {
  const map = await rungeKutta(options).solveVe(density, { time: t, seed: 0 })
  return map.evaluate(t, x)
}

function worst(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Array.from(a).reduce((largest, value, i) => Math.max(largest, Math.abs(value - b[i])), 0)
}

describe.each(['comoving', 't'] as const)('characteristics in %s coordinates', (coordinates) => {
  it.each(referenceCases.map((reference) => [reference.name, reference] as const))(
    'agree with %s',
    async (_, reference) => {
      const f = await solve(reference.problem, rungeKutta({ rtol: 1e-12, atol: 1e-14, coordinates }), {
        time: reference.t,
      })
      const values = f.evaluate(reference.t, pointsFromRows(reference.points)).data
      const bound = 1e-10 * Math.max(1, reference.problem.density.moments.scale)
      expect(worst(values, reference.f.flat())).toBeLessThan(bound)
    },
  )

  it('agree with the closed form of a Gaussian from tiny to huge times', async () => {
    const density = densityOf({
      kind: 'gaussian',
      mean: [1, -2],
      covariance: [
        [4, 0.5],
        [0.5, 0.3],
      ],
    })
    const map = gaussianMap(density.moments)
    for (const t of [1e-6, 0.1, 3, 1e3, 1e6]) {
      const x = Float64Array.of(1 + t, -2 + 2 * t, 1 - t, -2 - t / 2)
      expect(worst(await evaluate(density, { rtol: 1e-12, coordinates }, t, x), map(t, x))).toBeLessThan(
        1e-10,
      )
    }
  })

  it('agree with the quantile map of a mixture, and better with a smaller tolerance', async () => {
    const spec = { weights: [0.4, 0.6], means: [-1.5, 1], stds: [0.5, 0.4] }
    const density = densityOf({ ...spec, kind: 'mixture', means: [[-1.5], [1]] })
    const map = quantileMap({
      weights: Float64Array.from(spec.weights),
      means: Float64Array.from(spec.means),
      variances: Float64Array.from(spec.stds, (std) => std * std),
    })
    const x = Float64Array.from({ length: 101 }, (_, i) => (i - 50) / 4)
    const truth = x.map((value) => map(5, value))
    const errors: number[] = []
    for (const rtol of [1e-6, 1e-8, 1e-10, 1e-12])
      errors.push(worst(await evaluate(density, { rtol, atol: rtol, coordinates }, 5, x), truth))
    for (let i = 1; i < errors.length; i++) expect(errors[i]).toBeLessThan(errors[i - 1] / 5)
    expect(errors[3]).toBeLessThan(1e-10)
  })

  it('stay right when a dimension of the data is thin or has no width', async () => {
    for (const std of [1e-2, 1e-5, 1e-8, 0]) {
      const density = densityOf({
        kind: 'gaussian',
        mean: [1, 2],
        covariance: [
          [4, 0],
          [0, std * std],
        ],
      })
      const f = await evaluate(density, { coordinates }, 3, Float64Array.of(5, 5))
      expect(worst(f, [1 + 8 / Math.sqrt(13), 2 + (3 * std) / Math.hypot(std, 3)])).toBeLessThan(1e-9)
    }
  })

  it('send every point to a single point mass', async () => {
    const density = densityOf({ kind: 'empirical', points: [[1, 2]], bandwidth: 0 })
    expect(await evaluate(density, { coordinates }, 3, Float64Array.of(5, 5, -1, 0))).toEqual(
      Float64Array.of(1, 2, 1, 2),
    )
  })
})

describe('blocks', () => {
  const { density } = referenceCase('mixture-2d-t80').problem
  const random = new Random(1)
  const x = Float64Array.from({ length: 2000 }, () => 20 * random.normal())

  it('hold every row once, near its neighbours', () => {
    const order = Int32Array.from(
      Array.from(similarBlocks(x, 2, density.moments), ({ rows, values }) => {
        expect(values[0]).toBe(x[2 * rows[0]])
        expect(values.at(-1)).toBe(x[2 * (rows.at(-1) as number) + 1])
        expect(rows.length).toBeOneOf([31, 32])
        return Array.from(rows)
      }).flat(),
    )
    expect(Array.from(order).sort((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, i) => i))
    const spread = (rows: Int32Array) =>
      Array.from(rows.subarray(1), (row, k) =>
        Math.hypot(x[row * 2] - x[rows[k] * 2], x[row * 2 + 1] - x[rows[k] * 2 + 1]),
      ).reduce((sum, distance) => sum + distance, 0)
    expect(spread(order)).toBeLessThan(0.3 * spread(Int32Array.from({ length: 1000 }, (_, i) => i)))
  })

  it('do not change the values beyond the tolerance, and not at all when nothing changed', async () => {
    const together = await evaluate(density, { rtol: 1e-10 }, 20, x)
    expect(await evaluate(density, { rtol: 1e-10 }, 20, x)).toEqual(together)
    for (const row of [0, 400, 999]) {
      const alone = await evaluate(density, { rtol: 1e-10 }, 20, x.slice(row * 2, row * 2 + 2))
      expect(worst(alone, together.subarray(row * 2, row * 2 + 2))).toBeLessThan(1e-7)
    }
  })

  it('serve equal rows, one row and none', async () => {
    const equal = await evaluate(density, {}, 20, new Float64Array(200).fill(3))
    expect(new Set(equal).size).toBe(2)
    expect(await evaluate(density, {}, 20, new Float64Array(0))).toHaveLength(0)
  })
})

describe('rungeKutta', () => {
  it('needs about half the evaluations in comoving coordinates', async () => {
    const { problem, points, t } = referenceCase('mixture-2d-t80')
    const count = async (coordinates: 'comoving' | 't') => {
      const f = await solve(problem, rungeKutta({ coordinates }), { time: t })
      f.evaluate(t, pointsFromRows(points))
      return f.info.functionEvaluations
    }
    expect(await count('comoving')).toBeLessThan(0.75 * (await count('t')))
  })

  it('refuses options out of range', () => {
    const names = Object.entries<ButcherTableau>(tableaux).flatMap(([name, { error }]) =>
      error ? [name] : [],
    )
    expect(() => rungeKutta({ tableau: 'euler' })).toThrow(
      `tableau is "euler"; expected a method with an error estimate: ${names.join(', ')}`,
    )
    expect(() => rungeKutta({ tableau: 'rk4' })).toThrow(/tableau is "rk4"/)
    expect(() => rungeKutta({ rtol: 0 })).toThrow(/rtol is 0/)
    expect(() => rungeKutta({ atol: -1 })).toThrow(/atol is -1/)
    expect(() => rungeKutta({ coordinates: 'polar' as 't' })).toThrow(
      /coordinates is "polar"; expected comoving or t/,
    )
    expect(() => rungeKutta({ maxSteps: 0 })).toThrow(/maxSteps is 0/)
  })

  it.each((Object.keys(tableaux) as TableauName[]).filter((name) => tableaux[name].error !== undefined))(
    'work with %s',
    async (tableau) => {
      const { density } = referenceCase('mixture-2d-t10').problem
      const { points, f, t } = referenceCase('mixture-2d-t10')
      const values = await evaluate(
        density,
        { tableau, rtol: 1e-6, atol: 1e-6 },
        t,
        Float64Array.from(points.flat()),
      )
      expect(worst(values, f.flat())).toBeLessThan(1e-4)
    },
  )
})
