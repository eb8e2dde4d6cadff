import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { pathToFileURL } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compare } from '../../experiments/compare/index.ts'
import { type CompareSettings, quick } from '../../experiments/compare/settings.ts'
import { writeComparison } from '../../experiments/compare/write.ts'
import { readModel } from '../../solvers/neural/index.ts'
import { parseProblem } from '../../src/problem/create.ts'
import type { CompareResults, MethodResult } from '../../src/report/index.ts'
import { runCli } from '../cli/in-process.ts'
import { mixture, WorkFolder } from '../cli/work-folder.ts'
import { asNetwork } from '../neural/exported.ts'
import { chromiumPath, collectComplaints, launchChromium } from '../playground/chromium.ts'

const tiny: CompareSettings = {
  ...quick,
  trajectories: 800,
  intervals: 16,
  samples: 300,
  mapNodes: 10,
  mapTimes: 3,
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
  await writeComparison(comparison, folder.file('out'))
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
        sentences: visible(of('p')),
        maps: visible(of('.map')),
        figures: Object.fromEntries(figures.filter(([, count]) => count > 0)),
      }
    }, name)

  it.each([own, foreign, twin])('shows %s like any other method, until it is switched off', async (name) => {
    const before = await seen(name)
    expect(before).toMatchObject({ rows: 1, sentences: 1, maps: 1 })
    expect(Object.keys(before.figures).sort()).toEqual(['certificate-by-time', 'data-and-samples'])
    await page.evaluate(() => document.querySelector('details')?.setAttribute('open', ''))
    const box = page.getByLabel(name, { exact: true })
    await box.uncheck()
    expect(await seen(name)).toEqual({ rows: 0, sentences: 0, maps: 0, figures: {} })
    expect(await seen('cd')).toMatchObject({ rows: 1, sentences: 1, maps: 1 })
    await box.check()
    expect(await seen(name)).toEqual(before)
  })

  it('complains about nothing', () => {
    expect(complaints).toEqual([])
  })
})
