import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { comparisonFigures } from '../../experiments/compare/figures.ts'
import { type Comparison, compare } from '../../experiments/compare/index.ts'
import { writeComparison } from '../../experiments/compare/report-page.ts'
import { type CompareSettings, quick } from '../../experiments/compare/settings.ts'
import { createProblem } from '../../src/create/create-problem.ts'
import type { EmbeddedErrors } from '../../src/report/error-series.ts'
import type { MethodResult } from '../../src/report/index.ts'
import { unpackErrors } from '../../src/report/packed-errors.ts'
import { smallProblems } from '../support/problems.ts'

/** The comparison with the smallest numbers that still mean something. */
const tiny: CompareSettings = {
  ...quick,
  trajectories: 1000,
  intervals: 16,
  samples: 400,
  mapNodes: 12,
  mapTimes: 3,
  ladderPoints: 100,
  forwardMapNodes: 40,
  eulerianNodes: 25,
  seeds: 1,
  networks: {
    width: 16,
    layers: 2,
    batch: 128,
    pinn: { steps: 200 },
    cd: { steps: 200, intervals: 16 },
    ct: { steps: 200, intervals: 16 },
  },
  ladders: { characteristics: [1e-2, 1e-4], forwardMap: [16, 24], eulerian: [17, 25], samplers: [4, 8] },
}

const run = (name: string, threads: number) =>
  compare({ problem: smallProblems[name], time: 5, seed: 3, threads, settings: { ...tiny, seeds: 3 } })

function withoutTimes(comparison: Comparison): string {
  const { results } = comparison
  const methods = results.methods.map((row) => ({
    ...row,
    seconds: 0,
    seeds: row.seeds?.map((one) => ({ ...one, seconds: 0 })),
  }))
  return JSON.stringify({ ...results, methods })
}

describe('compare on a 2-D mixture', () => {
  let comparison: Comparison
  let rows: Map<string, MethodResult>
  beforeAll(async () => {
    comparison = await run('mixture, 2-D', 2)
    rows = new Map(comparison.results.methods.map((row) => [row.method, row]))
  }, 120_000)

  it('has a row for every family, networks with a certificate', () => {
    for (const method of [
      'gaussian',
      'characteristics',
      'grid:forward-map',
      'grid:weno5',
      'grid:upwind',
      'sampler:heun-18',
    ])
      expect(rows.get(method)?.relativeError).toBeGreaterThan(0)
    for (const method of ['pinn', 'cd', 'ct']) {
      const row = rows.get(method)
      // Minkowski: on the same trajectories the certificate cannot be below the error
      expect(row?.certificate).toBeGreaterThan(row?.relativeError as number)
      expect(row?.certificateInterval?.[0]).toBeLessThan(row?.certificate as number)
    }
  })

  it('trains every network with three seeds, and shows the one with the median error', () => {
    for (const method of ['pinn', 'cd', 'ct']) {
      const { seeds, seed, relativeError, certificate } = rows.get(method) as MethodResult
      expect(seeds?.map((one) => one.seed)).toEqual([3, 4, 5])
      const errors = seeds?.map((one) => one.relativeError).sort((a, b) => a - b) ?? []
      expect(new Set(errors).size).toBe(3)
      expect(relativeError).toBe(errors[1])
      expect(seeds?.find((one) => one.seed === seed)).toMatchObject({ relativeError, certificate })
      for (const one of seeds ?? []) expect(one.certificate).toBeGreaterThan(one.relativeError)
    }
    expect(rows.get('characteristics')).toMatchObject({ seeds: null, seed: null })
  })

  it('has the course of the true error of every network', () => {
    for (const { median } of comparison.networks) {
      const { points } = median.trained.monitor ?? { points: [] }
      expect(points.at(-1)?.step).toBe(200)
      // another sample, smaller
      expect((points.at(-1)?.error ?? 0) / median.measured.statistics.relativeError).toBeCloseTo(1, 0)
    }
  })

  it('finds the accurate methods accurate', () => {
    expect(rows.get('characteristics')?.trimmedError).toBeLessThan(1e-5)
    expect(rows.get('grid:forward-map')?.trimmedError).toBeLessThan(1e-3)
    expect(comparison.results.reference.checkError).toBeLessThan(1e-9)
    expect(rows.get('sampler:euler-20')?.relativeError).toBeLessThan(
      rows.get('sampler:euler-10')?.relativeError as number,
    )
  })

  it('gives the same bytes with one thread as with two, times aside', async () => {
    expect(withoutTimes(await run('mixture, 2-D', 1))).toBe(withoutTimes(comparison))
  }, 120_000)

  describe('written to a folder', () => {
    let folder: string
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'compare-'))
      await writeComparison(comparison, folder, { command: 'compare --out x', quick: false })
    }, 60_000)
    afterAll(() => rm(folder, { recursive: true }))

    it('is results.json, report.html and every figure as SVG and PNG, and no temporary file', async () => {
      expect((await readdir(folder)).sort()).toEqual(['figures', 'report.html', 'results.json'])
      expect(JSON.parse(await readFile(join(folder, 'results.json'), 'utf8'))).toEqual(
        JSON.parse(JSON.stringify(comparison.results)),
      )
      const figures = await readdir(join(folder, 'figures'))
      expect(figures.filter((file) => file.endsWith('.svg')).length).toBe(6)
      expect(figures.filter((file) => file.endsWith('.png')).length).toBe(6)
    })

    it('has a report that names every method and asks for nothing from outside', async () => {
      const html = await readFile(join(folder, 'report.html'), 'utf8')
      for (const method of rows.keys()) expect(html).toContain(method)
      expect(html).toContain('over seeds')
      expect(html).toContain('error against the truth')
      expect(html).not.toMatch(/(src|href)="(https?:)?\/\//)
    })

    it('has the error maps of all times in the report, as they were measured', async () => {
      const html = await readFile(join(folder, 'report.html'), 'utf8')
      const [, json] = /<script type="application\/json" id="errors">([^<]*)</.exec(html) ?? []
      const { nodes, times, methods }: EmbeddedErrors = JSON.parse(json)
      expect([nodes, times.length, times.at(-1)?.time]).toEqual([tiny.mapNodes, tiny.mapTimes, 5])
      expect(methods.map(({ method }) => method)).toEqual([...rows.keys()])
      for (const [i, { errors }] of methods.entries())
        for (const [k, map] of errors.map(unpackErrors).entries()) {
          const measured = comparison.measured[i].mapErrors?.[k] ?? new Float64Array()
          expect(map).toHaveLength(measured.length)
          map.forEach((error, at) => {
            expect(Math.abs(error - measured[at])).toBeLessThanOrEqual(0.01 * measured[at])
          })
        }
      // f is nearly x at first
      const largest = (k: number) => Math.max(...unpackErrors(methods[0].errors[k]))
      expect(methods[0].method).toBe('gaussian')
      expect(largest(0)).toBeLessThan(largest(tiny.mapTimes - 1))
    })
  })
})

describe('compare on other problems', () => {
  it.each([
    ['a 1-D mixture', smallProblems['mixture, 1-D'], true],
    ['rings in three dimensions', smallProblems['radial, 3-D'], false],
    [
      'a score given as a formula',
      createProblem({ process: { kind: 've' }, data: { kind: 'expression', score: '-x/(4 + t^2)' } }),
      true,
    ],
    [
      'a VP process',
      createProblem({
        process: { kind: 'vp' },
        data: { kind: 'mixture', weights: [0.5, 0.5], means: [[-1], [1]], stds: [0.4, 0.4] },
      }),
      true,
    ],
    [
      'two point masses',
      createProblem({
        process: { kind: 've' },
        data: {
          kind: 'empirical',
          points: [
            [-1, 0],
            [1, 0.5],
          ],
          bandwidth: 0,
        },
      }),
      false,
    ],
  ])(
    'handles %s and shows where every method is wrong',
    async (_name, problem, onLine) => {
      const comparison = await compare({ problem, seed: 0, threads: 2, settings: tiny })
      const { results } = comparison
      const row = results.methods.find(({ method }) => method === 'characteristics')
      expect(row?.medianError).toBeLessThan(1e-4)
      for (const { relativeError } of results.methods) expect(Number.isFinite(relativeError)).toBe(true)
      const drawn = new Map(comparisonFigures(comparison).map((figure) => [figure.name, figure]))
      for (const { method } of results.methods) {
        if (method !== 'exact') expect(drawn.get('error-maps')?.svg).toContain(`>${method}<`)
      }
      expect(drawn.has('map-curves')).toBe(onLine)
      if (!onLine) return
      // the curves are those that the map of T was measured on
      const truth = comparison.grid?.times.at(-1)?.truth ?? []
      for (const { curve, mapErrors } of comparison.measured)
        for (const [i, value] of (curve ?? []).entries())
          expect(Math.abs(value - truth[i])).toBeCloseTo(
            (mapErrors?.at(-1)?.[i] ?? Number.NaN) * Math.sqrt(problem.density.moments.trace),
            12,
          )
    },
    120_000,
  )
})
