import { describe, expect, it } from 'vitest'
import { dataFacts, dataProblem, mixtureProblem } from '../../experiments/compare/data-problem.ts'
import { chooseTime } from '../../experiments/compare/index.ts'
import { medianRun, methodResult, type SeedRun } from '../../experiments/compare/results.ts'
import { createProblem } from '../../src/create/create-problem.ts'
import { veTime } from '../../src/problem/process.ts'
import { Random } from '../../src/random/random.ts'

/** A run with nothing but what is read of it. */
const run = (seed: number, relativeError: number) =>
  ({ trained: { seed }, measured: { statistics: { relativeError } } }) as unknown as SeedRun

describe('the run that stands for all seeds', () => {
  it.each([
    ['one', [0.4], 0.4],
    ['the worse of two', [0.1, 0.4], 0.4],
    ['the worse of two, in the other order', [0.4, 0.1], 0.4],
    ['the middle of three', [0.4, 0.1, 0.2], 0.2],
    ['the worse of the middle two of four', [0.4, 0.1, 0.2, 0.3], 0.3],
  ])('is %s', (_, errors, shown) => {
    expect(medianRun(errors.map((error, i) => run(i, error))).measured.statistics.relativeError).toBe(shown)
  })
})

describe('the share of the error between modes', () => {
  it('is that of points where p_data is below half of the density they were drawn from', () => {
    const weights = Float64Array.of(0.2, 0.49, 0.51, 1.8)
    const measured = {
      method: 'a',
      target: 'map',
      squares: Float64Array.of(1, 2, 3, 4),
      statistics: { relativeError: 1 },
    }
    const sampleOf = (kind: string) => ({ kind, weights }) as never
    const row = methodResult(measured as never, sampleOf('importance'), 2, null)
    expect(row.betweenModes?.probability).toBeCloseTo(0.69 / 3, 14)
    expect(row.betweenModes?.errorShare).toBeCloseTo(1.18 / (1.18 + 1.53 + 7.2), 14)
    expect(row.beatsBaseline).toBe(true)
    // of plainly drawn points the weights say nothing
    expect(methodResult(measured as never, sampleOf('plain'), 2, null).betweenModes).toBeNull()
    expect(methodResult(measured as never, sampleOf('plain'), 0.5, null).beatsBaseline).toBe(false)
  })
})

describe('the problem of a table', () => {
  it('has columns of mean 0 and standard deviation 1, where squares are divided by n', () => {
    const table = { file: 'a.csv', columns: ['a', 'b'], skipped: 0, rowsInFile: 3 }
    const { problem, data } = dataProblem(
      [
        [1, 100],
        [3, 400],
        [5, 100],
      ],
      table,
    )
    expect(data.mean[0]).toBeCloseTo(3, 14)
    expect(data.mean[1]).toBeCloseTo(200, 12)
    expect(data.standardDeviation[0]).toBeCloseTo(Math.sqrt(8 / 3), 14)
    expect(data.standardDeviation[1]).toBeCloseTo(Math.sqrt(20_000), 11)
    expect(problem.density.moments.mean[0]).toBeCloseTo(0, 14)
    // both columns have variance 1 beside that of the kernel
    expect(problem.density.moments.trace).toBeCloseTo(2 + 2 * (data.bandwidth ?? Number.NaN) ** 2, 12)
  })

  it('may be a mixture that is fitted to them', async () => {
    const random = new Random(1)
    const rows = Array.from({ length: 300 }, (_, i) => [
      1e3 * random.normal() + 4e3 * (i % 2),
      random.normal() + (i % 2),
    ])
    const table = { file: 'a.csv', columns: ['a', 'b'], skipped: 0, rowsInFile: 300 }
    const { problem, data } = await mixtureProblem(rows, table, { components: [1, 2], seed: 0 })
    expect(problem.density.kind).toBe('mixture')
    expect(data.mixture).toMatchObject({ components: 2, factors: 1, rowsHeldOut: 60 })
    expect(data.bandwidth).toBeUndefined()
    // both columns have variance 1
    expect(Math.abs(problem.density.moments.trace - 2)).toBeLessThan(0.2)
  })
})

describe('what a page says of a table', () => {
  const table = {
    file: 'a.csv',
    columns: ['a', 'b'],
    skipped: 0,
    rowsInFile: 4,
    rows: 4,
    mean: [],
    standardDeviation: [],
  }
  const mixture = {
    ...{ components: 3, factors: 0, rowsHeldOut: 5, heldOut: -1.23456, curve: [], problem: {} },
    candidates: [{ components: 3, heldOut: -1.2 }],
  }
  const of = (changed: object) => dataFacts({ ...table, ...changed } as never)
  it.each([
    [
      { bandwidth: 0.25 },
      'a and b of a.csv: 4 rows, standardised; kernel density, p(x) = mean of N(x; xᵢ, h²)',
    ],
    [
      { bandwidth: 0.25, rowsInFile: 9 },
      'a and b of a.csv: 4 of 9 rows, drawn with the seed, standardised; kernel',
    ],
    [
      { bandwidth: 0.25, skipped: 2 },
      'a and b of a.csv: 4 rows, 2 with an empty cell left out, standardised; kernel',
    ],
    [
      { mixture },
      'standardised; mixture of 3 Gaussians, fitted by EM; log-likelihood of 5 rows held out -1.235 a row',
    ],
    [{ mixture: { ...mixture, factors: 1 } }, 'mixture of 3 factor analysers of 1 factor, fitted by EM;'],
    [{ mixture: { ...mixture, factors: 2 } }, 'mixture of 3 factor analysers of 2 factors, fitted by EM;'],
    [{ mixture: { ...mixture, candidates: [1, 2] } }, 'mixture of 3 Gaussians, fitted by EM, the best of 2;'],
  ])('%j', (changed, words) => expect(of(changed).Data).toContain(words))

  it('has the bandwidth of a kernel density', () => {
    expect(of({ bandwidth: 0.25 })['Bandwidth h']).toBe("0.250 (Silverman's rule)")
    expect(of({ mixture })).not.toHaveProperty('Bandwidth h')
  })
})

describe('the time of a comparison', () => {
  const gaussian = { kind: 'gaussian' as const, mean: [0], covariance: [[9]] }
  it.each([
    ['the end of the process', { kind: 'flowMatching' }, gaussian, 1],
    ['10 times the data scale where noise has no end', { kind: 've' }, gaussian, 30],
    [
      'its end where a drift has one',
      { kind: 'custom', drift: '-x', sigma: '1', maximumTime: 0.5 },
      gaussian,
      0.5,
    ],
  ])('is %s', (_, process, data, time) => {
    const problem = createProblem({ process, data } as never)
    expect(chooseTime(problem, undefined)).toBe(time)
    expect(chooseTime(problem, 0.25)).toBe(0.25)
  })

  it('is the end of what is known of the data where they are known no further', () => {
    const problem = createProblem({ process: { kind: 'vp' }, data: gaussian })
    const maximumTime = veTime(problem.process, 0.5)
    const known = { ...problem, density: { ...problem.density, maximumTime } }
    expect(chooseTime(known, undefined)).toBeCloseTo(0.5, 12)
  })
})
