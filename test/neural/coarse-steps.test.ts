import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  loadModel,
  modelFromBytes,
  modelMap,
  modelToBytes,
  type TrainModelOptions,
  trainedMethod,
  trainModel,
} from '../../solvers/neural/index.ts'
import { certify } from '../../src/certificate/certify.ts'
import { createProblem } from '../../src/create/create-problem.ts'
import { measureError } from '../../src/metrics/measure-error.ts'
import { pointsFromRows, pointsToRows } from '../../src/points/points.ts'
import { solve } from '../../src/solve.ts'
import { errors } from './map-error.ts'

// three modes in 4-D, no product in any basis
const problem = createProblem({
  process: { kind: 've' },
  data: {
    kind: 'mixture',
    weights: [0.4, 0.35, 0.25],
    means: [
      [-2, 0, 1, 0.5],
      [2, 1, 0, -0.5],
      [0.5, -2.5, -1, 0],
    ],
    covariances: [0.3, 0.5, 0.4].map((a, k) =>
      Array.from({ length: 4 }, (_, i) =>
        Array.from({ length: 4 }, (_, j) => (i === j ? a + 0.1 * ((i + k) % 3) : 0.1 * Math.cos(i * j + k))),
      ),
    ),
  },
})
const options = {
  loss: 'direct',
  time: 5,
  steps: 30,
  batch: 32,
  coarseSteps: 2,
  seed: 3,
  backend: 'simd',
} satisfies TrainModelOptions

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'coarse-'))
})
afterAll(() => rm(folder, { recursive: true }))

describe('a model with coarse steps', () => {
  it('gives back the map that was trained, through files and through bytes, and is certified', async () => {
    const out = join(folder, 'saved')
    const { model } = await trainModel(problem, { ...options, out })
    expect(model.description.architecture).toMatchObject({ coarseSteps: 2, components: 3 })
    const x = Float64Array.from({ length: 8 }, (_, i) => 3 * Math.sin(i))
    const expected = (await modelMap(model, { backend: 'simd' })).evaluate(5, x)
    const f = await solve(problem, await loadModel(out, { backend: 'simd' }), { time: 5 })
    const X = pointsFromRows([[...x.slice(0, 4)], [...x.slice(4)]])
    expect(pointsToRows(f.evaluate(5, X)).flat()).toEqual([...expected])
    const copy = await modelMap(modelFromBytes(modelToBytes(model)), { backend: 'simd' })
    expect(copy.evaluate(5, x)).toEqual(expected)
    const certificate = await certify(f, problem, { time: 5, samples: 512 })
    expect(certificate.bound).toBe(true)
    expect(certificate.estimate).toBeGreaterThanOrEqual(certificate.incrementBound)
    const { relativeError } = await measureError(f, problem, { time: 5, samples: 512 })
    expect(certificate.estimate).toBeGreaterThan(relativeError)
    expect(certificate.estimate).toBeLessThan(2 * relativeError)
  })

  it('is refused where the components are missing or do not fit', async () => {
    const out = join(folder, 'broken')
    await trainModel(problem, { ...options, out, steps: 2 })
    const path = join(out, 'model.json')
    const description = JSON.parse(await readFile(path, 'utf8'))
    const write = (architecture: object) =>
      writeFile(
        path,
        JSON.stringify({ ...description, architecture: { ...description.architecture, ...architecture } }),
      )
    await write({ components: undefined })
    await expect(loadModel(out)).rejects.toThrow(/components/)
    await write({ components: 2 })
    await expect(loadModel(out)).rejects.toThrow(/shape/)
  })
})

describe('training with coarse steps', () => {
  it.each(['direct', 'pinn', 'cd'] as const)('by %s is better than the coarse map itself', async (loss) => {
    const method = (steps: number, rate: number) =>
      trainedMethod(loss, {
        coarseSteps: 1,
        steps,
        rate,
        batch: 256,
        width: 32,
        backend: 'simd',
        intervals: 16,
      })
    const before = await errors(problem, method(1, 1e-9))
    const after = await errors(problem, method(250, 1e-2))
    expect(before.network).toBeLessThan(before.gaussian)
    expect(after.network).toBeLessThan(0.8 * before.network)
  })
})
