import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { tryDiagnoses, tryDiagnosis } from '../../bench/diagnose.ts'
import { diagnose } from '../../solvers/diagnosis/diagnose.ts'
import { nextSteps } from '../../solvers/diagnosis/sentences.ts'
import { cdFixedPoint, ctFixedPoint } from '../../solvers/fixed-points/index.ts'
import { sampler } from '../../solvers/sampling/index.ts'
import { rungeKutta } from '../../src/characteristics/index.ts'
import { createProblem } from '../../src/create/create-problem.ts'
import { readPoints, writePoints } from '../../src/io/points-files.ts'
import { type Points, points, pointsToRows, rowMajor } from '../../src/points/points.ts'
import { solve } from '../../src/solve.ts'
import { runCli } from '../cli/in-process.ts'
import { WorkFolder } from '../cli/work-folder.ts'

const specification = {
  process: { kind: 've' },
  data: { kind: 'mixture', weights: [0.3, 0.7], means: [-2, 1], stds: [0.5, 0.6] },
} as const
const problem = createProblem(specification)
const time = 10
const samples = 512
// the fixed points of many N are computed
vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 })

/** A wave on top of a map, as a fit leaves it. */
const waved =
  (f: (t: number, X: Points) => Points | Promise<Points>, size: number) => async (t: number, X: Points) => {
    const x = rowMajor(X)
    const wave = (value: number) => size * Math.sin(4 * Math.atan(t) + (5 * value) / Math.hypot(t, 1))
    return points(
      rowMajor(await f(t, X)).map((value, i) => value + (t / (1 + t)) * wave(x[i])),
      1,
    )
  }

describe('diagnose', () => {
  it('names the steps of a sampler and how many', async () => {
    const f = await solve(problem, sampler({ solver: 'euler', steps: 7 }), { time })
    const { cause, fits, sentence } = await diagnose(
      waved((t, X) => f.evaluate(t, X), 0.01),
      problem,
      { time, samples },
    )
    expect(cause).toBe('steps')
    expect(fits[0]).toMatchObject({ parameter: 7, variant: 'Euler steps, karras times, each from its own t' })
    expect(fits[0].square).toBeGreaterThan(0.97)
    expect(sentence).toMatch(
      /At T, on the trajectories compared, it has an error of \S+ by itself, and the map one of \S+\. /,
    )
    expect(sentence).toMatch(
      /^The error is that of 7 steps of the ODE .* What to do next: take more steps \(times N of the loss\)/,
    )
  })

  // the error of one step is at most 1, that of two or three steps of Heun far more
  it('names a few steps of Heun, whose error does not fall from the first on', async () => {
    const f = await solve(problem, sampler({ solver: 'heun', steps: 3 }), { time })
    const { cause, fits } = await diagnose(
      waved((t, X) => f.evaluate(t, X), 0.05),
      problem,
      { time, samples },
    )
    expect(cause).toBe('steps')
    expect(fits[0]).toMatchObject({ parameter: 3, variant: 'Heun steps, karras times, each from its own t' })
  })

  it('names three steps of Heun on the times of distillation', async () => {
    const f = await solve(problem, cdFixedPoint({ intervals: 3, solver: 'heun' }), { time })
    const { cause, fits } = await diagnose(
      waved((t, X) => f.evaluate(t, X), 0.005),
      problem,
      { time, samples },
    )
    expect(cause).toBe('steps')
    expect(fits[0]).toMatchObject({ parameter: 3, variant: 'Heun steps in θ = arctan(t/c)' })
  })

  it('names the viscosity of consistency training, with N', async () => {
    const f = await solve(problem, ctFixedPoint({ intervals: 20 }), { time })
    const { cause, fits } = await diagnose((t, X) => f.evaluate(t, X), problem, { time, samples })
    expect(cause).toBe('viscosity')
    expect(fits[0].parameter).toBeGreaterThanOrEqual(18)
    expect(fits[0].parameter).toBeLessThanOrEqual(22)
  })

  it('finds a scale of time between those that it tries first', async () => {
    const f = await solve(problem, rungeKutta({ rtol: 1e-8 }), { time })
    const { cause, fits } = await diagnose((t, X) => f.evaluate(0.8 * t, X), problem, { time, samples })
    expect(cause).toBe('time-scale')
    expect(fits[0].parameter).toBeCloseTo(0.8, 1)
  })

  it('says of two causes that make the same values that it may be either', async () => {
    const f = await solve(problem, rungeKutta({ rtol: 1e-8 }), { time })
    // a ripple that no scale of time makes
    const told = async (t: number, X: Points) => {
      const x = rowMajor(X)
      return points(
        rowMajor(await f.evaluate(t / 1000, X)).map((value, i) => value + 0.05 * Math.sin(40 * x[i])),
        1,
      )
    }
    const { cause, sentence } = await diagnose(told, problem, { time, samples })
    expect(cause).toBe('identity')
    expect(sentence).toMatch(/The values are as well those of the true map at 0\.00\d+ t in place of t/)
  })

  it('says collapse of a constant, which the map at a thousand times t is too', async () => {
    const f = await solve(problem, rungeKutta({ rtol: 1e-8 }), { time: 1e4 })
    const constant = rowMajor(await f.evaluate(1e4, [[0]]))[0]
    const mean = -2 * 0.3 + 0.7
    // nearer to that of the map than to the mean of the data, which collapse is looked for with
    const between = mean + 0.6 * (constant - mean)
    const { cause, fits } = await diagnose(
      waved((_, X) => points(new Float64Array(X.shape[0]).fill(between), 1), 0.5),
      problem,
      { time, samples },
    )
    const [own, other] = ['collapse', 'time-scale'].map((name) => fits.find((fit) => fit.cause === name))
    expect((1 - Number(own?.square)) / (1 - Number(other?.square))).toBeGreaterThan(1.25)
    expect(cause).toBe('collapse')
  })

  it('accuses no map whose error is a wave, and none without an error', async () => {
    const f = await solve(problem, rungeKutta({ rtol: 1e-9 }), { time })
    const exact = (t: number, X: Points) => f.evaluate(t, X)
    for (const size of [0.1]) {
      const { cause, sentence } = await diagnose(waved(exact, size), problem, { time, samples })
      expect(cause).toBeNull()
      expect(sentence).toMatch(/^None of the known causes fits/)
    }
    const { cause, sentence, fits } = await diagnose(exact, problem, { time, samples })
    expect([cause, sentence]).toEqual([null, 'There is no error to explain.'])
    expect(fits.every((fit) => fit.cause === 'float16')).toBe(true)
  })

  it('says what it did not examine, and why', async () => {
    const covariance = [0, 1, 2].map((i) => [0, 1, 2].map((j) => Number(i === j)))
    const data = { kind: 'gaussian', mean: [0, 0, 0], covariance } as const
    const space = createProblem({ process: { kind: 've' }, data })
    const { cause, notExamined } = await diagnose((_, X) => X, space, { time: 5, samples: 64 })
    expect(cause).toBe('identity')
    expect(notExamined).toEqual([
      {
        cause: 'median',
        reason: 'the geometric median of the posterior is computed in one and two dimensions',
      },
    ])
  })

  it('names planted faults and accuses no network', async () => {
    const { ok, right, faulty, accused } = await tryDiagnoses({ faulty: 3, healthy: 1, steps: 200, seed: 1 })
    expect({ ok, right, accused }).toEqual({ ok: true, right: faulty, accused: 0 })
  }, 300_000)

  it('does not take what a short training leaves between the modes for a few steps of Heun', async () => {
    const { found, nearest } = await tryDiagnosis('healthy', 6, { seed: 1, steps: 1500 })
    expect(found).toBeNull()
    const [{ cause, variant, square, mean }] = nearest
    expect([cause, variant]).toEqual(['steps', 'Heun steps in θ = arctan(t/c)'])
    // of another cause it would be enough
    expect(square).toBeGreaterThan(0.8)
    expect(mean).toBeGreaterThan(0.55)
  }, 300_000)
})

it('the page and the help of the command say what to do next about each cause', async () => {
  const page = await readFile(new URL('../../docs/guide/diagnose.md', import.meta.url), 'utf8')
  const { stdout } = await runCli(['diagnose', '--help'])
  const help = stdout.replace(/\s+/g, ' ')
  for (const [cause, step] of Object.entries(nextSteps)) {
    expect(help).toContain(`${cause} ${step}`)
    const row = page.split('\n').find((line) => line.startsWith(`| \`${cause}\` |`))
    expect(row ?? page).toContain(`${step} |`)
  }
})

describe('the command', () => {
  let folder: WorkFolder
  beforeAll(async () => {
    folder = await WorkFolder.create({ 'problem.json': JSON.stringify(specification) })
  })
  afterAll(() => folder.remove())
  const shared = () => ['--problem', folder.file('problem.json'), '--time', '10', '--samples', '512']

  it('names the cause from a file of values, in words and as JSON', async () => {
    const file = folder.file('points.npy')
    expect((await runCli(['points', ...shared(), '--out', file])).code).toBe(0)
    const f = await solve(problem, rungeKutta({ rtol: 1e-9 }), { time: 5 })
    const rows = pointsToRows(await readPoints(file))
    const values: number[][] = []
    for (let i = 0; i < rows.length; i += 512) {
      const X = rows.slice(i, i + 512).map(([, x]) => [x])
      values.push(...pointsToRows(f.evaluate(rows[i][0] / 2, X)))
    }
    await writePoints(folder.file('values.npy'), values)
    const given = [...shared(), '--values', folder.file('values.npy'), '--points', file]
    const text = await runCli(['diagnose', ...given])
    expect([text.code, text.stderr]).toEqual([0, ''])
    expect(text.stdout).toMatch(/^The error is that of the true map at 0\.5 t in place of t/)
    expect(text.stdout).toMatch(/\ncause +what +of the squared error/)
    const { cause, fits } = JSON.parse((await runCli(['diagnose', ...given, '--json'])).stdout)
    expect(cause).toBe('time-scale')
    expect(fits[0].parameter).toBeCloseTo(0.5, 2)
  })

  it('refuses maps to a later time', async () => {
    const { code, stderr } = await runCli(['diagnose', ...shared(), '--values', 'x.npy', '--to', '1'])
    expect(code).toBe(2)
    expect(stderr).toMatch(/^unknown option '--to'/)
  })
})
