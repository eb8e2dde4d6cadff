import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readEntries } from '../../experiments/league/entries.ts'
import { leagueFindings } from '../../experiments/league/findings.ts'
import { league } from '../../experiments/league/index.ts'
import { needsOf } from '../../experiments/league/plan.ts'
import { leagueProblems } from '../../experiments/league/problems.ts'
import { ranksOf } from '../../experiments/league/ranks.ts'
import type { LeagueNetwork, LeagueRow } from '../../experiments/league/rows.ts'
import { type LeagueSettings, type MapLoss, quick } from '../../experiments/league/settings.ts'
import { createProblem } from '../../src/create/create-problem.ts'
import { InputError } from '../../src/errors.ts'

const small: LeagueSettings = {
  ...quick,
  problems: leagueProblems.filter(({ name }) => name === 'plane-easy' || name === 'moons'),
  ...{ losses: ['pinn', 'ct'], budgets: [0.01, 0.05], seeds: 2, trial: 0.01 },
  ...{ training: { width: 8, layers: 1, batch: 32 }, samples: 64 },
  plane: { trajectories: 100, intervals: 4 },
}
const run = (settings = small) => ({ seed: 0, threads: 1, settings })
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'league-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const fileOf = async (name: string) => JSON.parse(await readFile(join(folder, name, 'sweep.json'), 'utf8'))

describe('a league', () => {
  it('has every loss that can take part, and gives the same from its sweep file as before', async () => {
    const first = await league(join(folder, 'one'), run())
    expect(first.rows.map(({ problem, loss, budget }) => `${problem} ${loss} ${budget}`)).toEqual([
      ...['pinn 0.01', 'pinn 0.05', 'ct 0.01', 'ct 0.05'].map((name) => `plane-easy ${name}`),
      ...['ct 0.01', 'ct 0.05'].map((name) => `moons ${name}`),
    ])
    for (const { steps, networks } of first.rows) {
      expect(steps).toBeGreaterThan(0)
      expect(networks.map(({ seed }) => seed)).toEqual([0, 1])
      for (const { relativeError, failure } of networks) {
        expect(failure).toBeNull()
        expect(relativeError).toBeGreaterThan(0)
      }
    }
    for (const { gaussian } of first.problems) expect(gaussian.relativeError).toBeGreaterThan(0.1)

    // done again nothing is trained; from the file alone, elsewhere, everything, to the same numbers
    expect(await league(join(folder, 'one'), run())).toEqual(first)
    await mkdir(join(folder, 'two'))
    await copyFile(join(folder, 'one', 'sweep.json'), join(folder, 'two', 'sweep.json'))
    expect(await league(join(folder, 'two'), run())).toEqual(first)
  }, 120_000)

  it('keeps the steps that are known when it was interrupted while it looked for others', async () => {
    const { methods, ...rest } = await fileOf('one')
    await mkdir(join(folder, 'three'))
    const begun = { ...methods['ct-0.01s'], steps: { moons: 7 }, problems: ['moons'] }
    const file = { ...rest, methods: { gaussian: methods.gaussian, 'ct-0.01s': begun } }
    await writeFile(join(folder, 'three', 'sweep.json'), JSON.stringify(file))
    const { rows } = await league(join(folder, 'three'), run({ ...small, budgets: [0.01], seeds: 1 }))
    expect(rows.find(({ problem, loss }) => problem === 'moons' && loss === 'ct')?.steps).toBe(7)
    expect(Object.keys((await fileOf('three')).methods['ct-0.01s'].steps)).toEqual(['moons', 'plane-easy'])
  }, 120_000)

  it('refuses the folder of a league that was measured otherwise', async () => {
    const other = league(join(folder, 'one'), run({ ...small, samples: 65 }))
    await expect(other).rejects.toThrow(/sweep\.json is that of a league with other problems or samples/)
  })
})

describe('problems', () => {
  it('are valid, and have the name that files have', async () => {
    for (const { name, make, time } of leagueProblems) {
      if (name === 'digits-196d') continue
      const problem = createProblem(await make({ images: 20, fitSteps: 1 }))
      expect(problem.process.maximumTime).toBeGreaterThanOrEqual(time)
      expect(name).toMatch(/^[a-z0-9-]+$/)
    }
  })

  it('of digits are ten factor analysers', async () => {
    const digits = leagueProblems.find(({ name }) => name === 'digits-196d')
    const problem = createProblem((await digits?.make({ images: 40, fitSteps: 2 })) as never)
    expect(problem.dimension).toBe(196)
  })

  it('need a score, or samples alone', () => {
    expect(needsOf('pinn')).toBe('score')
    expect(needsOf('scm-ct')).toBe('samples')
  })
})

/** Networks of two seeds with these errors. */
function row(problem: string, loss: MapLoss, budget: number, errors: readonly (number | null)[]): LeagueRow {
  const networks = errors.map(
    (relativeError, seed): LeagueNetwork => ({
      ...{ seed, relativeError, standardError: 0.01, medianError: relativeError },
      certificate: relativeError === null ? null : 1.5 * relativeError,
      wasserstein2: relativeError === null ? null : 1 - relativeError,
      failure: relativeError === null ? 'The loss is no longer finite.' : null,
    }),
  )
  return { problem, loss, needs: needsOf(loss), budget, steps: 10, networks }
}

const rows = [
  row('a', 'pinn', 1, [0.1, 0.1]),
  row('a', 'ct', 1, [0.2, 0.05]),
  row('a', 'lsd', 1, [0.3, 0.3]),
  row('b', 'pinn', 1, [null, 0.1]),
  row('b', 'ct', 1, [null, 0.2]),
  row('b', 'lsd', 1, [0.4, 0.3]),
  row('c', 'ct', 1, [0.5, 0.5]),
  row('c', 'lsd', 1, [0.2, 0.2]),
]
const problems = ['a', 'b', 'c'].map((name) => ({ name, words: name, time: 1, make: () => ({}) as never }))

describe('ranks', () => {
  const ranks = ranksOf(rows, { losses: ['pinn', 'ct', 'lsd'], budgets: [1], problems })

  it('are means over the problems of all, with their range over the seeds; failures share the last places', () => {
    // pinn: 1 and 2.5 with seed 0, 2 and 1 with seed 1
    const [first, ...others] = ranks
    expect(first).toMatchObject({ loss: 'pinn', all: { mean: 1.625, range: [1.5, 1.75] }, ofSamples: null })
    expect(others.map(({ loss, all }) => [loss, all?.mean])).toEqual([
      ['ct', 1.875],
      ['lsd', 2.5],
    ])
  })

  it('of samples alone are over all problems', () => {
    const lsd = ranks.find(({ loss }) => loss === 'lsd')
    expect(lsd?.ofSamples?.mean).toBeCloseTo((2 + 1 + 1 + 2 + 2 + 1) / 6, 12)
    expect(ranks.map(({ loss, best }) => [loss, best])).toEqual([
      ['pinn', 1],
      ['ct', 0],
      ['lsd', 2],
    ])
  })

  it('are told in sentences, with what failed', () => {
    const facts = problems.map(({ name }) => ({
      ...{ name, words: name, time: 1 },
      gaussian: { relativeError: name === 'c' ? 0.1 : 0.45, wasserstein2: 1 },
    }))
    const results = {
      version: '',
      budgets: [1],
      seeds: [0, 1],
      problems: facts,
      rows,
      ranks,
      curves: [],
      entries: [],
    }
    const text = leagueFindings(results).join('\n')
    expect(text).toContain('pinn has the best mean rank, 1.6, before ct (1.9) and lsd (2.5)')
    expect(text).toContain('On c no loss beats the map of the Gaussian')
    expect(text).toContain('Of 16 networks 14 have a certificate that is a bound: 1.5 times the error')
    expect(text).toContain('2 trainings could not be finished: pinn on b and ct on b.')
    expect(text).toContain('their rank correlation is -1.00 in the mean')
  })
})

describe('entries', () => {
  const printed = { trueError: { value: 0.2, interval: [0.19, 0.21] }, estimate: 0.3, bound: true, time: 10 }
  const enter = async (path: string, json: unknown) => {
    const out = await mkdtemp(join(folder, 'entered-'))
    await mkdir(join(out, 'entries', 'mine'), { recursive: true })
    await writeFile(join(out, 'entries', 'mine', path), JSON.stringify(json))
    return readEntries(out, leagueProblems)
  }

  it('are what score and certify print', async () => {
    expect(await enter('moons.json', printed)).toEqual([
      { name: 'mine', problem: 'moons', relativeError: 0.2, interval: [0.19, 0.21], certificate: 0.3 },
    ])
    expect((await enter('moons.json', { ...printed, bound: false }))[0].certificate).toBeNull()
    expect(await readEntries(join(folder, 'nothing'), leagueProblems)).toEqual([])
  })

  it.each([
    ['another problem', 'suns.json', printed, /is named after no problem of the league/],
    ['another time', 'ring.json', printed, /is of another time; expected --time 20/],
    ['no error', 'moons.json', { ...printed, trueError: null }, /has no error/],
  ])('are refused with %s', async (_, path, json, message) => {
    const entering = enter(path, json)
    await expect(entering).rejects.toThrow(InputError)
    await expect(entering).rejects.toThrow(message)
  })
})
