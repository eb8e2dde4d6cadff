import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  collectSweep,
  parseSweep,
  readSweep,
  sweep,
  sweepRuns,
  writeSweep,
} from '../../experiments/sweep/index.ts'
import { InputError } from '../../src/errors.ts'
import { runCli } from '../cli/in-process.ts'

const problem = {
  process: { kind: 've' },
  data: { kind: 'mixture', weights: [0.4, 0.6], means: [-1, 1], stds: [0.5, 0.6] },
}
const small = {
  problems: { modes: { problem, time: 4 } },
  methods: {
    gaussian: { kind: 'gaussian' },
    exact: { kind: 'exact' },
    'heun-8': { kind: 'sampler', solver: 'heun', steps: 8 },
    pinn: { kind: 'train', loss: 'pinn', steps: 40, batch: 32, width: 8, layers: 1 },
  },
  seeds: [0, 1, 1, 2],
  trajectories: 256,
  intervals: 8,
  samples: 64,
}
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sweep-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function runsOf(json: unknown) {
  const path = join(folder, 'sweep.json')
  await writeFile(path, JSON.stringify(json))
  return readSweep(path)
}

describe('a sweep file', () => {
  it('is every method on every problem, trained ones with every seed once', async () => {
    const runs = await runsOf(small)
    expect(runs.map(({ name }) => name)).toEqual([
      'modes/gaussian/once',
      'modes/exact/once',
      'modes/heun-8/once',
      ...[0, 1, 2].map((seed) => `modes/pinn/seed-${seed}`),
    ])
    expect(new Set(runs.map(({ key }) => key)).size).toBe(runs.length)
    expect(await runsOf(small)).toEqual(runs)
    const other = await runsOf({ ...small, trajectories: 300 })
    expect(other.every(({ key }, i) => key !== runs[i].key)).toBe(true)
  })

  it('may give steps and samples for each problem', async () => {
    const steps = { modes: 40, other: 20 }
    const methods = { pinn: { ...small.methods.pinn, steps }, exact: { kind: 'exact', problems: ['other'] } }
    const problems = { ...small.problems, other: { problem, time: 5, trajectories: 128, intervals: 4 } }
    const runs = await runsOf({ ...small, problems, methods, seeds: [0] })
    const told = runs.map(({ name, options, trajectories, intervals }) => [
      ...[name, 'steps' in options ? options.steps : null, trajectories, intervals],
    ])
    expect(told).toEqual([
      ['modes/pinn/seed-0', 40, 256, 8],
      ['other/pinn/seed-0', 20, 128, 4],
      ['other/exact/once', null, 128, 4],
    ])
    // the same training as with one number for all
    const [one] = await runsOf({ ...small, methods: { pinn: small.methods.pinn }, seeds: [0] })
    expect(runs[0].key).toBe(one.key)
    const lacking = runsOf({
      ...small,
      problems,
      methods: { pinn: { ...methods.pinn, steps: { modes: 40 } } },
    })
    await expect(lacking).rejects.toThrow(/sweep\.methods\.pinn\.steps has none for other/)
  })

  it.each([
    ['an unknown key', { ...small, cores: 2 }, /cores/],
    [
      'a name that leaves the folder',
      { ...small, problems: { '../up': { problem, time: 4 } } },
      /sweep\.problems/,
    ],
    ['no problem', { ...small, problems: {} }, /at least one problem/],
    [
      'an unknown loss',
      { ...small, methods: { a: { kind: 'train', loss: 'gan', steps: 1 } } },
      /sweep\.methods\.a/,
    ],
    [
      'an unknown tableau',
      { ...small, methods: { a: { kind: 'characteristics', rtol: 1e-6, tableau: 'rk99' } } },
      /sweep\.methods\.a\.tableau is "rk99"; expected a method with an error estimate: .*dopri8/,
    ],
    [
      'a width out of its range',
      { ...small, methods: { a: { kind: 'train', loss: 'cd', steps: 1, width: 0 } } },
      /sweep\.methods\.a\.width is 0; expected an integer from 1/,
    ],
    [
      'a network of scores, which is no map',
      { ...small, methods: { a: { kind: 'train', loss: 'score', steps: 1 } } },
      /sweep\.methods\.a\.loss is "score"; expected the loss of a map/,
    ],
    [
      'a training without a length',
      { ...small, methods: { a: { kind: 'train', loss: 'cd' } } },
      /sweep\.methods\.a is \{.*\}; expected either steps or seconds/,
    ],
    [
      'a training of two lengths',
      { ...small, methods: { a: { kind: 'train', loss: 'cd', steps: 5, seconds: 1 } } },
      /sweep\.methods\.a is \{.*\}; expected either steps or seconds/,
    ],
    [
      'no tolerance',
      { ...small, methods: { a: { kind: 'characteristics' } } },
      /sweep\.methods\.a\.rtol is missing/,
    ],
    ['a negative time', { ...small, problems: { modes: { problem, time: -1 } } }, /time/],
    [
      'a problem that is not there',
      { ...small, methods: { a: { kind: 'exact', problems: ['b'] } } },
      /the name of a problem/,
    ],
    ['neither file nor problem', { ...small, problems: { modes: { time: 4 } } }, /one of the two/],
  ])('is refused with %s', async (_, json, message) => {
    const reading = runsOf(json)
    await expect(reading).rejects.toThrow(InputError)
    await expect(reading).rejects.toThrow(message)
  })

  it('that is anything at all is read or refused', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (json) => {
        try {
          await sweepRuns(parseSweep(json), {})
        } catch (error) {
          expect(error).toBeInstanceOf(InputError)
        }
      }),
      { seed: 7, numRuns: 500 },
    )
  })
})

describe('running a sweep', () => {
  it('goes on where a computation cannot be finished, and says so', async () => {
    const methods = { stiff: { kind: 'characteristics', rtol: 1e-10, maxSteps: 2 }, exact: { kind: 'exact' } }
    const runs = await runsOf({ ...small, methods })
    const out = join(folder, 'unfinished')
    expect((await sweep(runs, { folder: out, threads: 1 })).done).toHaveLength(2)
    const results = await collectSweep(runs, out)
    const [{ methods: rows, failures }] = results.problems
    expect(rows.map(({ relativeError }) => relativeError === null)).toEqual([true, false])
    expect(failures).toEqual([{ run: 'modes/stiff/once', reason: expect.stringMatching(/maxSteps/) }])
    await writeSweep(results, out)
    expect(await readFile(join(out, 'report.html'), 'utf8')).toContain(
      'modes/stiff/once could not be finished',
    )
    expect((await sweep(runs, { folder: out, threads: 1 })).skipped).toHaveLength(2)
  })

  it('trains for seconds, and says how many steps that were', async () => {
    const timed = { kind: 'train', loss: 'pinn', seconds: 0.5, batch: 32, width: 8, layers: 1 }
    const runs = await runsOf({ ...small, methods: { timed }, seeds: [0] })
    const out = join(folder, 'timed')
    expect((await sweep(runs, { folder: out, threads: 1 })).done).toEqual(['modes/timed/seed-0'])
    const model = JSON.parse(await readFile(join(out, 'models/modes/timed/seed-0/model.json'), 'utf8'))
    expect(model.settings.steps).toBeGreaterThan(0)
    expect(model.training.curve.length).toBeGreaterThan(0)
  })

  it('does what is not done, the same bytes each time, and collects it', async () => {
    const runs = await runsOf(small)
    const out = join(folder, 'out')
    await expect(collectSweep(runs, out)).rejects.toThrow(/lacks 6 of 6 results/)

    const some = runs.slice(0, 4)
    expect(await sweep(some, { folder: out, threads: 2 })).toEqual({
      done: some.map(({ name }) => name),
      skipped: [],
    })
    const first = join(out, 'runs/modes/pinn/seed-0.json')
    const before = (await stat(first)).mtimeMs
    const rest = await sweep(runs, { folder: out, threads: 1 })
    expect(rest.done).toEqual(['modes/pinn/seed-1', 'modes/pinn/seed-2'])
    expect(rest.skipped).toHaveLength(4)
    expect((await stat(first)).mtimeMs).toBe(before)

    // a damaged result is done again and is the same but for its times
    const withoutTimes = async () => {
      const { row, ...file } = JSON.parse(await readFile(first, 'utf8'))
      const { seconds: _, ...numbers } = row
      return { ...file, ...numbers }
    }
    const whole = await withoutTimes()
    await writeFile(first, '{"key":')
    expect((await sweep(runs, { folder: out, threads: 2 })).done).toEqual(['modes/pinn/seed-0'])
    expect(await withoutTimes()).toEqual(whole)

    const results = await collectSweep(runs, out)
    const { methods } = results.problems[0]
    expect(methods.map(({ method }) => method)).toEqual(['gaussian', 'exact', 'sampler:heun-8', 'pinn'])
    const trained = methods[3]
    const errors = trained.seeds?.map(({ relativeError }) => relativeError) ?? []
    expect(errors).toHaveLength(3)
    expect(trained.relativeError).toBe([...errors].sort((a, b) => a - b)[1])
    expect(methods[1].relativeError).toBeLessThan(1e-9)

    await writeSweep(results, out)
    const table = (await readFile(join(out, 'table.csv'), 'utf8')).trim().split('\n')
    expect(table).toHaveLength(5)
    for (const file of ['report.html', 'results.json', 'figures'])
      expect(existsSync(join(out, file))).toBe(true)

    const files = ['--sweep', join(folder, 'sweep.json'), '--out', out]
    expect((await runCli(['collect', ...files])).stdout).toMatch(/^modes\n.*Written to .*table\.csv/s)
    const json = await runCli(['collect', '--json', ...files])
    expect(JSON.parse(json.stdout)).toEqual(JSON.parse(JSON.stringify(results)))
    const again = await runCli(['sweep', '--json', ...files])
    expect(JSON.parse(again.stdout)).toMatchObject({ done: [] })
    expect((await runCli(['sweep', ...files])).stdout).toMatch(/^0 /)
    const { code, stderr } = await runCli(['sweep', ...files, '--run', 'none'])
    expect([code, stderr]).toEqual([2, expect.stringMatching(/^--run is "none"; expected the name of a run/)])
  }, 60_000)
})
