import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { pathToFileURL } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compare } from '../../experiments/compare/index.ts'
import { writeComparison } from '../../experiments/compare/report-page.ts'
import { type CompareSettings, quick } from '../../experiments/compare/settings.ts'
import { loadModel, readModel } from '../../solvers/neural/index.ts'
import { rungeKutta } from '../../src/characteristics/index.ts'
import { parseProblem } from '../../src/create/create-problem.ts'
import { readPoints, writePoints } from '../../src/io/points-files.ts'
import { pointsToRows, rowMajor } from '../../src/points/points.ts'
import type { CompareResults, MethodResult } from '../../src/report/index.ts'
import { unpackErrors } from '../../src/report/packed-errors.ts'
import { solve } from '../../src/solve.ts'
import { runCli } from '../cli/in-process.ts'
import { mixture, WorkFolder } from '../cli/work-folder.ts'
import { asNetwork } from '../neural/exported.ts'
import { chromiumPath, collectComplaints, launchChromium } from '../playground/chromium.ts'

const tiny: CompareSettings = {
  ...quick,
  trajectories: 800,
  intervals: 16,
  samples: 300,
  // those of --quick
  mapNodes: 32,
  mapTimes: 5,
  ladderPoints: 50,
  forwardMapNodes: 24,
  eulerianNodes: 17,
  networks: {
    width: 16,
    layers: 2,
    batch: 64,
    pinn: { steps: 60 },
    cd: { steps: 60, intervals: 16 },
    ct: { steps: 60, intervals: 16 },
  },
  ladders: { characteristics: [1e-2, 1e-4], forwardMap: [16], eulerian: [17], samplers: [4, 8] },
}
// what `train` gave, the same as somebody else's network, and another folder of the same name
const own = 'cd:mine'
const foreign = 'network:exported'
const twin = 'cd:mine (2)'

let folder: WorkFolder
let rows: Map<string, MethodResult>

beforeAll(async () => {
  folder = await WorkFolder.create({ 'problem.json': JSON.stringify(mixture) })
  const train = async (steps: string, out: string) => {
    const sizes = ['--steps', steps, '--batch', '64', '--width', '16', '--layers', '2']
    const where = ['--problem', folder.file('problem.json'), '--time', '4', '--out', folder.file(out)]
    const { code } = await runCli(['train', '--loss', 'cd', '--seed', '3', ...sizes, ...where])
    expect(code).toBe(0)
  }
  await train('300', 'mine')
  await mkdir(folder.file('other'))
  await train('20', 'other/mine')
  await mkdir(folder.file('theirs'))
  const { description, weights } = asNetwork(await readModel(folder.file('mine')))
  await writeFile(folder.file('theirs/network.json'), JSON.stringify(description))
  await writeFile(folder.file('theirs/weights.safetensors'), weights)
  const comparison = await compare({
    problem: parseProblem(mixture),
    time: 4,
    seed: 3,
    threads: 2,
    settings: tiny,
    models: ['mine', 'theirs', 'other/mine'].map((name) => folder.file(name)),
  })
  await writeComparison(comparison, folder.file('out'), { command: 'compare', quick: true })
  const results: CompareResults = JSON.parse(await readFile(folder.file('out/results.json'), 'utf8'))
  rows = new Map(results.methods.map((row) => [row.method, row]))
  expect(rows.size).toBe(results.methods.length)
}, 120_000)
afterAll(() => folder.remove())

describe('compare --model', () => {
  it('has a row with a certificate for each, and the same numbers for the same network from outside', () => {
    const [mine, theirs, other] = [own, foreign, twin].map((name) => rows.get(name) as MethodResult)
    for (const row of [mine, theirs, other]) {
      expect(row.certificate).toBeGreaterThan(row.relativeError as number)
      expect(row).toMatchObject({ target: 'map', seeds: null, seed: null })
    }
    for (const key of ['relativeError', 'medianError', 'certificate', 'wasserstein2'] as const)
      expect(Number(theirs[key]) / Number(mine[key])).toBeCloseTo(1, 5)
    // 20 steps are not 300
    expect(other.relativeError).toBeGreaterThan(1.2 * Number(mine.relativeError))
    expect(mine.relativeError).not.toBe(rows.get('cd')?.relativeError)
  })

  it('refuses what does not fit before anything is trained', async () => {
    await writeFile(
      folder.file('line.json'),
      JSON.stringify({ ...mixture, data: { ...mixture.data, means: [[0], [1]] } }),
    )
    const { code, stdout, stderr } = await runCli([
      ...['compare', '--problem', folder.file('line.json'), '--time', '4', '--out', folder.file('refused')],
      ...['--model', folder.file('theirs')],
    ])
    expect(stderr).toMatch(/^network\.dimension is 2[^\n]*\n$/)
    expect([code, stdout]).toEqual([2, ''])
    expect((await folder.list()).some((name) => name.startsWith('refused/'))).toBe(false)
  })
})

describe('the report of one network', () => {
  const same = [
    '--problem',
    'problem.json',
    '--time',
    '4',
    '--seed',
    '3',
    '--samples',
    '800',
    '--intervals',
    '16',
  ]
  const shared = () => [...same.map((word) => (word.endsWith('.json') ? folder.file(word) : word)), '--quick']
  const pageOf = async (report: string) => readFile(folder.file(`${report}/report.html`), 'utf8')
  const embedded = (page: string, id: string) =>
    JSON.parse(new RegExp(`<script type="application/json" id="${id}">(.*)</script>`).exec(page)?.[1] ?? '')
  const resultsOf = async (report: string) =>
    JSON.parse(await readFile(folder.file(`${report}/results.json`), 'utf8'))
  const maps = (page: string, name: string) => {
    const { methods, times } = embedded(page, 'errors')
    return { times, errors: methods.find(({ method }: { method: string }) => method === name).errors }
  }

  beforeAll(async () => {
    const certified = await runCli([
      ...['certify', '--model', folder.file('mine'), ...shared(), '--report', folder.file('certified')],
    ])
    expect(certified.stderr).toBe('')
    expect(certified.stdout).toMatch(/Written to .*certified: report\.html/)
    const files = ['points', 'grid', 'values', 'grid-values'].map((name) => folder.file(`${name}.npy`))
    const [points, grid, values, gridValues] = files
    const written = await runCli(['points', ...shared(), '--out', points, '--grid', grid])
    expect(written.code).toBe(0)
    const f = await solve(parseProblem(mixture), await loadModel(folder.file('mine')), { time: 4 })
    for (const [from, to] of [
      [points, values],
      [grid, gridValues],
    ]) {
      const rows = pointsToRows(await readPoints(from))
      const found: number[][] = []
      for (let i = 0; i < rows.length; ) {
        const t = rows[i][0]
        const end = rows.findIndex((row, k) => k > i && row[0] !== t)
        const part = rows.slice(i, end < 0 ? rows.length : end)
        found.push(
          ...pointsToRows(
            f.evaluate(
              t,
              part.map((row) => row.slice(1)),
            ),
          ),
        )
        i += part.length
      }
      await writePoints(to, found)
    }
    const scored = await runCli([
      ...['score', ...shared(), '--values', values, '--grid-values', gridValues],
      ...['--report', folder.file('scored')],
    ])
    expect([scored.code, scored.stderr]).toEqual([0, ''])
  }, 120_000)

  it.each([
    ['certified', 'certify'],
    ['scored', 'score'],
  ])('names the command that made it: %s', async (report, command) => {
    const page = await readFile(folder.file(`${report}/report.html`), 'utf8')
    expect(page).toMatch(new RegExp(`Command</dt>\\s*<dd>consistency-pde ${command} --`))
    expect(page).toMatch(/Size<\/dt>\s*<dd>/)
  })

  it.each(['certified', 'scored'])('has the errors and the maps that compare has: %s', async (report) => {
    const name = report === 'scored' ? 'the network' : 'cd'
    const { report: own } = await resultsOf(report)
    const row = own.find(({ method }: MethodResult) => method === name)
    const compared = rows.get('cd:mine') as MethodResult
    for (const key of [
      'relativeError',
      'standardError',
      'medianError',
      'trimmedError',
      'maximumError',
      'worstShare',
    ] as const)
      expect(row[key] / Number(compared[key])).toBeCloseTo(1, 6)
    if (report === 'certified') expect(row.wasserstein2 / Number(compared.wasserstein2)).toBeGreaterThan(0.5)
    else expect(row.wasserstein2).toBeNull()
    const [mine, theirs] = [maps(await pageOf(report), name), maps(await pageOf('out'), 'cd:mine')]
    expect(mine.times).toEqual(theirs.times)
    expect(mine.errors).toHaveLength(5)
    for (const [k, { range, text }] of mine.errors.entries()) {
      expect(range[0]).toBeCloseTo(theirs.errors[k].range[0], 2)
      expect(range[1]).toBeCloseTo(theirs.errors[k].range[1], 2)
      const [a, b] = [unpackErrors({ range, text }), unpackErrors(theirs.errors[k])]
      expect(a).toHaveLength(1024)
      // what packing leaves
      const off = a.map((value, i) => Math.abs(Math.log10(value / b[i])))
      expect(Math.max(...off)).toBeLessThan(0.01)
    }
  })

  it('writes the worst noises with their probabilities', async () => {
    const { worstRows, trueError } = await resultsOf('certified')
    const [x, weights] = await Promise.all(
      ['worst', 'worst-weights'].map(async (name) =>
        rowMajor(await readPoints(folder.file(`certified/${name}.npy`))),
      ),
    )
    expect(weights).toHaveLength(worstRows.length)
    expect(x).toHaveLength(2 * worstRows.length)
    const problem = parseProblem(mixture)
    const [f, truth] = await Promise.all([
      solve(problem, await loadModel(folder.file('mine')), { time: 4 }),
      solve(problem, rungeKutta({ rtol: 1e-9 }), { time: 4 }),
    ])
    const points = Array.from(weights, (_, i) => [x[2 * i], x[2 * i + 1]])
    const [found, right] = [f, truth].map((map) => rowMajor(map.evaluate(4, points)))
    const squares = Array.from(
      weights,
      (_, i) => (found[2 * i] - right[2 * i]) ** 2 + (found[2 * i + 1] - right[2 * i + 1]) ** 2,
    )
    const held = squares.reduce(
      (sum, square, i) => sum + (weights[i] * square) / problem.density.moments.trace,
      0,
    )
    expect(Math.sqrt(held / 0.95) / trueError.value).toBeGreaterThan(0.9)
    expect(held).toBeLessThan(trueError.value ** 2 * 1.01)
    const parts = squares.map((square, i) => square * weights[i])
    expect(parts).toEqual([...parts].sort((a, b) => b - a))
  })

  it('refuses a folder whose files it reads, and maps where there are none', async () => {
    const refused = await runCli([
      ...['score', ...shared(), '--values', folder.file('certified/worst.npy')],
      ...['--report', folder.file('certified')],
    ])
    expect([refused.code, refused.stdout]).toEqual([2, ''])
    expect(refused.stderr).toMatch(/^--report .*worst\.npy is a file to read; expected another name\.\n$/)
    const without = await runCli(['score', ...shared(), '--values', 'x.npy', '--grid-values', 'y.npy'])
    expect(without.stderr).toMatch(/^--grid-values is given without --report/)
  })
})

describe.skipIf(!chromiumPath)('their report in Chromium', () => {
  let browser: Browser
  let page: Page
  const complaints: string[] = []
  beforeAll(async () => {
    browser = await launchChromium()
    page = await browser.newPage({ viewport: { width: 1100, height: 900 } })
    page.setDefaultTimeout(20_000)
    collectComplaints(page, complaints)
    await page.goto(pathToFileURL(folder.file('out/report.html')).href)
  }, 120_000)
  afterAll(() => browser?.close())

  /** How much of a method can be seen: rows, sentences, maps, and marks of the figures. */
  const seen = (name: string) =>
    page.evaluate((method) => {
      const visible = (all: Iterable<Element> | ArrayLike<Element>) =>
        Array.from(all).filter((one) => one.checkVisibility()).length
      const of = (selector: string) =>
        Array.from(document.querySelectorAll<HTMLElement>(`${selector}[data-methods]`)).filter((one) =>
          JSON.parse(one.dataset.methods ?? '').includes(method),
        )
      const figures = Array.from(document.querySelectorAll<HTMLElement>('figure[data-figure]')).map(
        (figure) => {
          const svg = figure.querySelector<SVGElement>('svg[data-series]')
          const series: { methods: string[] }[] = JSON.parse(svg?.dataset.series ?? '[]')
          const marks = series.flatMap(({ methods }, i) =>
            methods.includes(method) ? Array.from(svg?.querySelectorAll(`[data-of="${i}"]`) ?? []) : [],
          )
          const drawn = marks.filter((mark) => getComputedStyle(mark).display !== 'none')
          return [figure.dataset.figure ?? '', drawn.length] as const
        },
      )
      return {
        rows: visible(of('tr')),
        maps: visible(of('.map')),
        figures: Object.fromEntries(figures.filter(([, count]) => count > 0)),
      }
    }, name)

  // a row of the results, and one of where and why
  it.each([own, foreign, twin])('shows %s like any other method, until it is switched off', async (name) => {
    const before = await seen(name)
    expect(before).toMatchObject({ rows: 2, maps: 1 })
    expect(Object.keys(before.figures).sort()).toEqual(['certificate-by-time', 'data-and-samples'])
    await page.evaluate(() => document.querySelector('details')?.setAttribute('open', ''))
    const box = page.getByLabel(name, { exact: true })
    await box.uncheck()
    expect(await seen(name)).toEqual({ rows: 0, maps: 0, figures: {} })
    expect(await seen('cd')).toMatchObject({ rows: 2, maps: 1 })
    await box.check()
    expect(await seen(name)).toEqual(before)
  })

  it('complains about nothing', () => {
    expect(complaints).toEqual([])
  })
})
