import { readdirSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { leagueProblems } from '../../experiments/league/problems.ts'
import { withoutTimes } from '../../experiments/without-times.ts'
import type { Progress } from '../../src/progress.ts'
import { runCli } from '../cli/in-process.ts'
import { condensed, condensedFigure, expectNear, words } from './condensed.ts'

/** Options of its command, and the numbers that stand here in place of those of `--quick`. */
interface Small {
  readonly options?: readonly string[]
  readonly quick: Readonly<Record<string, unknown>>
}

const problemFile = (name: string) => fileURLToPath(new URL(`../../problems/${name}.json`, import.meta.url))
const smooth = ['--problem', problemFile('smooth-1d'), '--time', '5']

/** Every experiment that writes a folder, in a second or two. A new experiment has a line here. */
const small: Readonly<Record<string, readonly Small[]>> = {
  compare: [
    {
      options: smooth,
      quick: {
        ...{ trajectories: 200, intervals: 8, samples: 100, mapNodes: 8, mapTimes: 2, ladderPoints: 30 },
        ...{ forwardMapNodes: 24, eulerianNodes: 17, seeds: 1 },
        networks: {
          ...{ width: 6, layers: 1, batch: 32 },
          ...{ pinn: { steps: 12 }, cd: { steps: 12, intervals: 4 }, ct: { steps: 12, intervals: 4 } },
        },
        ladders: { characteristics: [1e-2, 1e-4], forwardMap: [8, 12], eulerian: [9, 17], samplers: [2, 4] },
      },
    },
  ],
  convergence: [
    {
      options: smooth,
      quick: {
        ...{ trajectories: 60, repeats: 1, tableaux: ['dopri5'], samplerSteps: [8, 16] },
        nodes: [
          [25, 49],
          [9, 13],
        ],
        forwardMapNodes: [
          [11, 21],
          [8, 12],
        ],
        networks: {
          ...{ trajectories: 60, batch: 32, rate: 5e-3, steps: 12, width: 6, intervals: 8 },
          ...{ eachIntervals: [2, 4], eachSteps: [6, 12], eachWidth: [4, 6], eachDimension: [2, 3] },
          ...{ dimensionSteps: 6, dimensionWidth: 6 },
        },
      },
    },
  ],
  coupling: [
    {
      quick: {
        ...{ intervals: [4, 8], mostHuber: 4, mostModified: 8, trajectories: 100, pairs: 300 },
        ...{ trained: [4], trainedNorm: 4, training: { steps: 12, batch: 32, rate: 5e-3 } },
      },
    },
    {
      options: ['--problem', problemFile('three-modes'), '--time', '10'],
      quick: {
        trajectories: 60,
        plane: {
          ...{ intervals: [2, 4], nodes: 17, cells: 6, trained: [2] },
          training: { steps: 6, batch: 32, rate: 5e-3 },
        },
      },
    },
  ],
  digits: [
    {
      quick: {
        ...{ images: 20, side: 14, batch: 8, seeds: 1, trajectories: 8, intervals: 2 },
        networks: [
          { loss: 'pinn', steps: 4 },
          { loss: 'ct', steps: 4 },
        ],
      },
    },
  ],
  'few-steps': [
    {
      quick: {
        ...{ steps: [1, 2, 8], training: 6, width: 6, trajectories: 60, mesh: 10, chosenBy: 20 },
        linePoints: 60,
      },
    },
  ],
  'high-dimensional': [
    {
      quick: {
        dimensions: [
          { dimension: 2, steps: 6, trajectories: 64 },
          { dimension: 4, steps: 6, trajectories: 64 },
        ],
        ...{ seeds: 1, ladder: [0.5] },
      },
    },
  ],
  league: [
    {
      quick: {
        problems: leagueProblems.filter(({ name }) => name === 'plane-easy' || name === 'moons'),
        ...{ losses: ['pinn', 'ct', 'lsd'], budgets: [0.0015, 0.002], trial: 0.001 },
        ...{ training: { width: 6, layers: 1, batch: 32 }, samples: 100 },
        plane: { trajectories: 100, intervals: 4 },
      },
    },
  ],
  marginals: [{ quick: { samples: [300, 60], steps: 20, times: [0.3] } }],
  metric: [
    {
      quick: {
        ...{ dimensions: [1, 4], trained: [1], seeds: 1, samples: 300 },
        training: { steps: 6, batch: 32, intervals: 4 },
      },
    },
  ],
  pde: [
    {
      quick: {
        ...{ trajectories: 60, milliseconds: 5 },
        problems: [
          {
            ...{ name: 'two modes', time: 5, width: 6, characteristics: [1e-1, 1e-4], sampler: [4, 8] },
            problem: {
              process: { kind: 've' },
              data: { kind: 'mixture', weights: [0.5, 0.5], means: [-1.5, 1.5], stds: [0.8, 0.8] },
            },
            ...{ weno5: [17, 33], forwardMap: [8, 24], pinn: [6], cd: [6] },
          },
          {
            ...{ name: 'rotated product, d = 4', time: 8, problem: 4, width: 6 },
            ...{ characteristics: [1e-1, 1e-4], sampler: [4, 8], pinn: [6], cd: [6] },
          },
        ],
      },
    },
  ],
  sampling: [
    {
      quick: {
        ...{ trajectories: 60, samples: 200, steps: [4, 8], orderSteps: [16, 32], linePoints: 200 },
        ...{ rounds: [1, 2], training: 6 },
      },
    },
  ],
  'stochastic-flow': [
    {
      quick: {
        ...{ training: { steps: 6, batch: 32, rate: 1e-2 }, points: 60, times: [0.5] },
        ...{ samples: 200, steps: [1, 2] },
      },
    },
  ],
}

const folder = (path: string) => fileURLToPath(new URL(path, import.meta.url))

it('every experiment with settings is here', () => {
  const all = readdirSync(folder('../../experiments'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .filter(({ name }) => readdirSync(folder(`../../experiments/${name}`)).includes('settings.ts'))
  expect(all.map(({ name }) => name).sort()).toEqual(Object.keys(small))
})

// tasks run in this thread, as where the system allows no others: their times are told by the clock below
vi.mock('node:worker_threads', async (original) => ({
  ...(await original<object>()),
  Worker: class {
    constructor() {
      throw Object.assign(new Error('no thread'), { code: 'ERR_WORKER_INIT_FAILED' })
    }
  },
}))

/** What the progress bar was told. */
const told: Progress[] = []
vi.mock('../../cli/io.ts', async (original) => ({
  ...(await original<object>()),
  progressBar: () => ({ update: (progress: Progress) => void told.push(progress), stop() {} }),
}))

// every look at a clock is a millisecond after the last one: times are the same in every run
beforeEach(() => {
  told.length = 0
  let [now, used] = [0, 0]
  vi.spyOn(performance, 'now').mockImplementation(() => ++now)
  vi.spyOn(process, 'cpuUsage').mockImplementation(() => ({ user: 1000 * ++used, system: 0 }))
})
afterEach(() => {
  vi.restoreAllMocks()
})

const all = Object.entries(small).flatMap(([name, list]) =>
  list.map((one, i) => ({ ...one, name, golden: i === 0 ? name : `${name}-${i + 1}` })),
)

describe.each(all)('$golden', ({ name, golden, options = [], quick }) => {
  it('writes results, figures and a report, the same as before', async () => {
    const settings = `../../experiments/${name}/settings.ts`
    vi.doMock(settings, async (original) => {
      const own = await original<{ quick: object }>()
      return { ...own, quick: { ...own.quick, ...quick } }
    })
    const out = await mkdtemp(join(tmpdir(), 'experiment-'))
    try {
      const args = [name, ...options, '--quick', '--seed', '3', '--threads', '1', '--out', out]
      const { code, stdout, stderr } = await runCli(args)
      expect([code, stderr]).toEqual([0, ''])
      const read = (file: string) => readFile(join(out, file), 'utf8')
      const names = (await readdir(join(out, 'figures'))).sort()
      const figures = names.filter((file) => file.endsWith('.svg')).map((file) => file.slice(0, -4))
      expect(names).toEqual(figures.flatMap((figure) => [`${figure}.png`, `${figure}.svg`]).sort())
      const drawn: Record<string, unknown> = {}
      for (const figure of figures) drawn[figure] = condensedFigure(await read(`figures/${figure}.svg`))
      for (const { done, total } of told) expect(done).toBeLessThanOrEqual(total)
      const found = {
        progress: [...new Set(told.map(({ label }) => label))],
        results: condensed(withoutTimes(JSON.parse(await read('results.json')))),
        figures: drawn,
        report: words(await read('report.html')),
        said: stdout.split('\n'),
      }
      const file = folder(`golden/${golden}.json`)
      // after a wanted change: GOLDEN=1 vitest run test/contracts/experiments.test.ts, and look at every file that differs
      const text = JSON.stringify(found, null, 2).replaceAll(out, 'OUT').replaceAll(folder('../..'), '')
      if (process.env.GOLDEN) await writeFile(file, `${text}\n`)
      expectNear(JSON.parse(text), JSON.parse(await readFile(file, 'utf8')))
    } finally {
      vi.doUnmock(settings)
      await rm(out, { recursive: true, force: true })
    }
  }, 240_000)
})
