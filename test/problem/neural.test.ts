import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { gridMethod } from '../../solvers/grid/index.ts'
import { loadModel, lossNames, trainedMethod, trainModel } from '../../solvers/neural/index.ts'
import { sampler } from '../../solvers/sampling/index.ts'
import { rungeKutta } from '../../src/characteristics/index.ts'
import { parseProblem } from '../../src/create/create-problem.ts'
import { readProblem } from '../../src/create/read-problem.ts'
import { InputError } from '../../src/errors.ts'
import { carriedSample } from '../../src/metrics/carried-sample.ts'
import { type Points, pointsToRows } from '../../src/points/points.ts'
import { logDensity, sampleNoised, score } from '../../src/problem/evaluate.ts'
import type { Problem } from '../../src/problem/problem.ts'
import { Random } from '../../src/random/random.ts'
import { solve } from '../../src/solve.ts'
import { briefTraining, pair } from '../neural/problems.ts'

let folder = ''
let problem: Problem
let file = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'neural-'))
  await mkdir(join(folder, 'models'))
  await trainModel(pair, { ...briefTraining, loss: 'score', out: join(folder, 'models', 'score') })
  await trainModel(pair, { ...briefTraining, loss: 'pinn', steps: 3, out: join(folder, 'models', 'map') })
  file = join(folder, 'problem.json')
  await writeFile(file, problemText('models/score'))
  problem = await readProblem(file)
}, 60_000)
afterAll(() => rm(folder, { recursive: true }))

function problemText(model: string): string {
  return JSON.stringify({ process: { kind: 've' }, data: { kind: 'neural', model } })
}

const rms = (a: Points, b: Points) => {
  const [x, y] = [a, b].map((points) => pointsToRows(points).flat())
  return Math.sqrt(x.reduce((sum, value, i) => sum + (value - y[i]) ** 2, 0) / x.length)
}

describe('a problem by a score network', () => {
  it('is that of the folder beside the problem file, and a value of its own', async () => {
    const again = parseProblem(JSON.parse(JSON.stringify(problem.specification)))
    const X = sampleNoised(problem, 1, 50, new Random(1))
    expect(score(again, 1, X).data).toEqual(score(problem, 1, X).data)
    const { density, dimension } = problem
    expect([density.kind, dimension, density.atomic]).toEqual(['neural', 1, false])
    for (const [i, value] of density.moments.mean.entries())
      expect(value).toBeCloseTo(pair.density.moments.mean[i], 12)
    // nearly the truth, and not the truth
    const error = rms(score(problem, 1, X), score(pair, 1, X))
    expect(error).toBeGreaterThan(1e-5)
    expect(error).toBeLessThan(0.1)
  })

  it('is solved alike by characteristics, a forward map, and Eulerian grids of any number of nodes', async () => {
    const X = sampleNoised(problem, 5, 200, new Random(2))
    const f = await solve(problem, rungeKutta({ rtol: 1e-11 }), { time: 5 })
    const truth = f.evaluate(5, X)
    const other = await solve(problem, rungeKutta({ tableau: 'dopri5', rtol: 1e-9 }), { time: 5 })
    expect(rms(other.evaluate(5, X), truth)).toBeLessThan(1e-7)
    const table = await solve(problem, gridMethod({ scheme: 'forward-map' }), { time: 5 })
    expect(rms(table.evaluate(5, X), truth)).toBeLessThan(1e-4)
    const coarse = await solve(problem, gridMethod({ scheme: 'weno5', nodes: 101 }), { time: 5 })
    const fine = await solve(problem, gridMethod({ scheme: 'weno5', nodes: 401 }), { time: 5 })
    expect(rms(fine.evaluate(5, X), truth)).toBeLessThan(rms(coarse.evaluate(5, X), truth) / 2)
  })

  it('is sampled, and its network is the method `model` too', async () => {
    const X = sampleNoised(problem, 5, 200, new Random(3))
    const truth = (await solve(problem, rungeKutta({ rtol: 1e-11 }), { time: 5 })).evaluate(5, X)
    const steps = async (count: number) =>
      rms(
        (await solve(problem, sampler({ solver: 'heun', steps: count }), { time: 5 })).evaluate(5, X),
        truth,
      )
    expect(await steps(64)).toBeLessThan((await steps(16)) / 4)
    const model = await loadModel(join(folder, 'models', 'score'))
    expect(model.name).toBe('score')
    expect(rms((await solve(pair, model, { time: 5 })).evaluate(5, X), truth)).toBeLessThan(1e-6)
  })

  it('has no log-density, and what needs one says so', () => {
    const X = sampleNoised(problem, 1, 5, new Random(1))
    expect(() => logDensity(problem, 1, X)).toThrow(/the data is "neural"; expected data with a log-density/)
    const sample = carriedSample(problem.density, {
      ...{ time: 5, count: 20, intervals: 4, random: new Random(1) },
    })
    expect([sample.kind, sample.rtol]).toEqual(['plain', 1e-8])
  })

  it('is known up to the time of its training', async () => {
    const X = sampleNoised(problem, 5, 5, new Random(1))
    await expect(solve(problem, rungeKutta(), { time: 6 })).rejects.toThrow(
      /time is 6; expected at most 5, as far as the neural data is known/,
    )
    expect(() => score(problem, 5.1, X)).toThrow(InputError)
    await expect(trainModel(problem, { ...briefTraining, loss: 'pinn', time: 7 })).rejects.toThrow(
      /time is 7/,
    )
  })

  it.each(lossNames)('can be trained on by %s', async (name) => {
    const short = { ...briefTraining, steps: 3, batch: 16, width: 8, intervals: 8 }
    const map = await trainedMethod(name, short).solveVe(problem.density, { time: 5, seed: 1 })
    const f = map.evaluate(5, Float64Array.of(-3, 0.5, 4))
    expect(f.every(Number.isFinite)).toBe(true)
  })
})

describe('a problem by a model folder', () => {
  it.each([
    ['models/map', /is a consistency function, trained by the loss pinn; expected a score network/],
    ['models/none', /models\/none\/model.json does not exist/],
    ['models', /models\/model.json does not exist/],
  ])('%s is refused', async (model, message) => {
    const path = join(folder, 'bad.json')
    await writeFile(path, problemText(model))
    await expect(readProblem(path)).rejects.toThrow(message)
    await expect(readProblem(path)).rejects.toThrow(InputError)
  })

  it.each([
    ['model.json', (bytes: Buffer) => Buffer.from(bytes.toString().replace('"width": 12', '"width": 17'))],
    [
      'model.json',
      (bytes: Buffer) => Buffer.from(bytes.toString().replace('"kind": "score"', '"kind": "code"')),
    ],
    ['model.json', (bytes: Buffer) => Buffer.from(bytes.toString().replace('{', '{"main": "evil.js",'))],
    ['model.json', (bytes: Buffer) => bytes.subarray(0, 300)],
    ['weights.safetensors', (bytes: Buffer) => bytes.subarray(0, -8)],
    ['weights.safetensors', () => Buffer.alloc(0)],
    [
      'weights.safetensors',
      (bytes: Buffer) =>
        Buffer.concat([bytes.subarray(0, -4), Buffer.from(Float32Array.of(Number.NaN).buffer)]),
    ],
  ])('with a damaged %s is refused (%#)', async (name, damage) => {
    const bad = join(folder, 'models', 'bad')
    await cp(join(folder, 'models', 'score'), bad, { recursive: true })
    await writeFile(join(bad, name), damage(await readFile(join(bad, name))))
    const path = join(folder, 'bad.json')
    await writeFile(path, problemText('models/bad'))
    await expect(readProblem(path)).rejects.toThrow(InputError)
  })

  it.each([
    [{ kind: 'neural' }, /expected the key model/],
    [{ kind: 'neural', model: 'x' }, /readProblem\(\) reads folders/],
    [{ kind: 'neural', bytes: '%%%' }, /is not base64/],
    [{ kind: 'neural', bytes: 'AAAA' }, /ends inside its header/],
    [{ kind: 'neural', model: 'x', code: 'y' }, /code/],
  ])('as a value, %o is refused', (data, message) => {
    expect(() => parseProblem({ process: { kind: 've' }, data })).toThrow(InputError)
    expect(() => parseProblem({ process: { kind: 've' }, data })).toThrow(message)
  })
})
