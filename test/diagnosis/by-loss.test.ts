import { readFile } from 'node:fs/promises'
import { afterAll, describe, expect, it } from 'vitest'
import { errorByLoss, type Training } from '../../solvers/diagnosis/by-loss.ts'
import type { ErrorByLoss } from '../../solvers/diagnosis/index.ts'
import { cdFixedPoint, ctFixedPoint } from '../../solvers/fixed-points/index.ts'
import { trainingTimes } from '../../solvers/fixed-points/times.ts'
import type { Method } from '../../src/consistency-function.ts'
import { parseProblem } from '../../src/create/create-problem.ts'
import { carriedSample } from '../../src/metrics/carried-sample.ts'
import { Random } from '../../src/random/random.ts'
import { runCli } from '../cli/in-process.ts'
import { mixture, WorkFolder } from '../cli/work-folder.ts'

const line = {
  process: { kind: 've' },
  data: { kind: 'mixture', weights: [0.3, 0.7], means: [-2, 1], stds: [0.5, 0.6] },
}
const time = 8
const OFF = 0.03

const space = {
  process: { kind: 've' },
  data: {
    kind: 'gaussian',
    mean: [1, 0, 0],
    covariance: [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ],
  },
}
/** What consistency training on 8 times converges to there: E[X_s | X_t] from time to time (docs/mathematics.md §4.2). */
const trainedInSpace: Method = {
  ...{ name: 'ct in space', options: {}, target: 'map', random: false },
  solveVe(density, run) {
    const { mean, scale } = density.moments
    const { times } = trainingTimes(scale, run.time, 8)
    const gain = times.slice(1).reduce((all, t, n) => (all * (1 + times[n] * t)) / (1 + t * t), 1)
    return {
      functionEvaluations: 0,
      evaluate: (_, x) => x.map((value, i) => mean[i % 3] + gain * (value - mean[i % 3])),
    }
  },
}

const training = (loss: string, settings: object): Training => ({
  loss,
  time,
  settings: { intervals: 8, solver: 'euler', metric: 'l2', ...settings },
})

/** A network that is a given map, off by OFF of the data's spread everywhere. */
async function observed(specification: object, method: Method, count = 300) {
  const problem = parseProblem(specification)
  const { density, dimension } = problem
  const { times, positions, x0, weights } = carriedSample(density, {
    ...{ time, count, intervals: 2, random: Random.stream(0, 'trajectories') },
  })
  const x = positions[positions.length - 1]
  const map = await method.solveVe(density, { time, seed: 0 })
  const off = OFF * Math.sqrt(density.moments.trace / dimension)
  const p = map.evaluate(time, x)
  const mean = (a: Float64Array, b: Float64Array) => {
    let [sum, total] = [0, 0]
    for (let i = 0; i < a.length; i++) {
      sum += weights[Math.floor(i / dimension)] * (a[i] - b[i]) ** 2
      total += weights[Math.floor(i / dimension)] / dimension
    }
    return Math.sqrt(sum / total / density.moments.trace)
  }
  const values = p.map((value, i) => value + (Math.floor(i / dimension) % 2 ? off : -off))
  const at = { problem, time, x0, weights, times: [times[times.length - 1]], positions: [x] }
  return { at: { ...at, values: [values] }, loss: mean(p, x0), error: mean(values, x0) }
}

describe('an error divided by the fixed point of the loss', () => {
  it.each([
    ['cd', 'steps', line, {}, cdFixedPoint({ intervals: 8, solver: 'euler' }), 1e-9],
    ['cd', 'steps', mixture, { solver: 'heun' }, cdFixedPoint({ intervals: 8, solver: 'heun' }), 1e-9],
    ['ct', 'viscosity', line, {}, ctFixedPoint({ intervals: 8 }), 1e-3],
    ['ct', 'median', line, { metric: 'l1' }, ctFixedPoint({ intervals: 8, metric: 'l1' }), 1e-3],
    ['ct', 'viscosity', mixture, { intervals: 3 }, ctFixedPoint({ intervals: 3, nodes: 101 }), 0.02],
  ] as const)('%s: %s', async (loss, cause, specification, settings, method, tolerance) => {
    const { at, ...sizes } = await observed(specification, method)
    const told = training(loss, settings)
    const found = (await errorByLoss(told, at)) as ErrorByLoss
    expect(found).toMatchObject({ cause, trajectories: 300, intervals: told.settings.intervals })
    expect(found.error).toBeCloseTo(sizes.error, 10)
    expect(Math.abs(found.loss / sizes.loss - 1)).toBeLessThan(0.2 * tolerance + 1e-6)
    expect(Math.abs(found.fit / OFF - 1)).toBeLessThan(tolerance)
  })

  it('says how well a fixed point is known that is sampled', async () => {
    const { at, loss } = await observed(space, trainedInSpace)
    const found = (await errorByLoss(training('ct', {}), at)) as ErrorByLoss
    expect(Math.abs(found.loss / loss - 1)).toBeLessThan(0.1)
    expect(found.resolution).toBeGreaterThan(0.5 * OFF)
    expect(found.resolution).toBeLessThan(0.3)
    expect(Math.abs(found.fit - OFF)).toBeLessThan(found.resolution as number)
  })

  it.each([
    ['pinn', {}],
    ['cd', { solver: 'exact' }],
    ['meanflow', {}],
  ])('is that of the fit alone for %s, whose fixed point is the true map', async (loss, settings) => {
    const { at, error } = await observed(line, cdFixedPoint({ intervals: 8 }))
    const found = await errorByLoss(training(loss, settings), at)
    expect(found).toMatchObject({ cause: null, loss: 0 })
    expect((found as ErrorByLoss).fit).toBeCloseTo(error, 10)
  })

  it.each([
    [training('meanflow', { metric: 'adaptive' }), 'what meanflow converges to is not computed'],
    [training('ict', { metric: 'pseudo-huber' }), 'what ict converges to is not computed'],
    [training('ct', { metric: 'tangent' }), 'what ct converges to with the metric tangent is not computed'],
    [
      { ...training('cd', {}), time: 20 },
      'what cd converges to is known at 20, the time that it was trained to',
    ],
    [
      { ...training('pinn', {}), teacher: { name: 'score', sha256: '' } },
      'it was trained on the flow of score, whose own error is a part too',
    ],
  ])('is not there, and says why', async (told, reason) => {
    const { at } = await observed(line, cdFixedPoint({ intervals: 8 }), 20)
    expect(await errorByLoss(told, at)).toBe(reason)
  })
})

describe('certify --report of a model', async () => {
  const folder = await WorkFolder.create({ 'problem.json': JSON.stringify(line) })
  afterAll(() => folder.remove())
  const shared = ['--problem', folder.file('problem.json'), '--time', '8']

  it('divides its error into discretisation and fit', async () => {
    const sizes = ['--steps', '300', '--batch', '64', '--width', '16', '--layers', '2']
    const solver = ['--loss', 'cd', '--cd-solver', 'euler']
    const made = await runCli(['train', ...shared, ...solver, ...sizes, '--out', folder.file('model')])
    expect(made.code).toBe(0)
    const small = ['--samples', '256', '--intervals', '16', '--quick']
    const page = ['--report', folder.file('page')]
    expect(
      (await runCli(['certify', '--model', folder.file('model'), ...shared, ...small, ...page])).code,
    ).toBe(0)
    const { byLoss, trueError } = JSON.parse(await readFile(folder.file('page/results.json'), 'utf8'))
    expect(byLoss).toMatchObject({ cause: 'steps', intervals: 64, trajectories: 256 })
    expect(byLoss.error).toBeCloseTo(trueError.value, 10)
    expect(byLoss.loss).toBeGreaterThan(0.001)
    expect(byLoss.loss + byLoss.fit).toBeGreaterThanOrEqual(byLoss.error)
    const html = await readFile(folder.file('page/report.html'), 'utf8')
    for (const text of [
      'What the error consists of',
      'the discretisation: steps in place of the flow',
      'the fixed point of the loss on N = 64 times',
      'the fit: the network from the fixed point of its loss',
    ])
      expect(html).toContain(text)
  })
})
