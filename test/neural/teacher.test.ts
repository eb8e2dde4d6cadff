import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type LossName,
  modelMap,
  readModel,
  readTeacher,
  type Teacher,
  trainedMethod,
  trainModel,
} from '../../solvers/neural/index.ts'
import { rungeKutta } from '../../src/characteristics/index.ts'
import { drawNoised } from '../../src/metrics/carried-sample.ts'
import { scoreDensity } from '../../src/problem/densities/neural.ts'
import type { Density } from '../../src/problem/density.ts'
import { Random } from '../../src/random/random.ts'
import { normal, pair, triple } from './problems.ts'

const TIME = 5
const small = { time: TIME, width: 16, layers: 2, rate: 0.01, backend: 'simd' } as const

let folder = ''
let teacher: Teacher
let source: Density
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'teacher-'))
  const out = join(folder, 'score')
  // so few steps that its flow is far from the true one
  await trainModel(pair, { ...small, loss: 'score', steps: 30, batch: 64, out })
  teacher = await readTeacher(out)
  source = scoreDensity(await readModel(out), 'score', () => pair.density)
}, 60_000)
afterAll(() => rm(folder, { recursive: true }))

const x = drawNoised(pair.density, TIME, 500, new Random(8))

async function flowOf(density: Density): Promise<Float64Array> {
  return (await rungeKutta({ rtol: 1e-9 }).solveVe(density, { time: TIME, seed: 0 })).evaluate(TIME, x)
}

function distance(a: Float64Array, b: Float64Array): number {
  return Math.sqrt(
    a.reduce((sum, value, i) => sum + (value - b[i]) ** 2, 0) / a.length / pair.density.moments.trace,
  )
}

describe('a teacher', () => {
  it.each([
    ['pinn', 128],
    ['cd', 128],
    ['scm', 128],
    ['direct', 128],
    ['lmd', 128],
    ['cd-jump', 128],
  ] as const)('gives %s its flow: the map comes nearer to that than to the truth', async (name, batch) => {
    const [own, truth] = [await flowOf(source), await flowOf(pair.density)]
    expect(distance(own, truth)).toBeGreaterThan(0.15)
    const method = trainedMethod(name, { ...small, batch, steps: 250, intervals: 16, metric: 'l2' }, teacher)
    const map = await method.solveVe(pair.density, { time: TIME, seed: 2 })
    const found = map.evaluate(TIME, x)
    expect(distance(found, own)).toBeLessThan(distance(found, truth) / 2)
    expect(map.options).toMatchObject({ targets: "the map of the teacher's own flow", teacher: teacher.name })
  })

  it('is named in the model, with the digest of its weights', async () => {
    const { model } = await trainModel(pair, { ...small, loss: 'pinn', steps: 2, batch: 8, teacher })
    const { name, sha256 } = model.description.teacher ?? { name: '', sha256: '' }
    expect(name).toBe(join(folder, 'score'))
    expect(sha256).toMatch(/^[0-9a-f]{64}$/)
    expect((await modelMap(model)).warnings?.[0]).toMatch(
      /learned the flow of the score network .*score: its error/,
    )
    const without = await trainModel(pair, { ...small, loss: 'pinn', steps: 2, batch: 8 })
    expect(without.model.description.teacher).toBeUndefined()
  })

  it('cannot be changed half-way', async () => {
    const run = { ...small, loss: 'pinn', steps: 4, batch: 8, out: join(folder, 'student') } as const
    await trainModel(pair, { ...run, teacher })
    await expect(trainModel(pair, { ...run, resume: true })).rejects.toThrow(/another training/)
    await trainModel(pair, { ...run, teacher, resume: true })
  })

  it.each(['ct', 'ict', 'ect', 'scm-ct', 'lsd', 'psd', 'shortcut', 'meanflow', 'score'] as LossName[])(
    'is refused by %s, which takes no velocity from a score',
    async (loss) => {
      await expect(trainModel(pair, { ...small, loss, teacher })).rejects.toThrow(
        `teacher is given with the loss ${loss}`,
      )
    },
  )

  it('is refused where it is a map, was trained on other data, or not as far', async () => {
    const { model } = await trainModel(pair, { ...small, loss: 'pinn', steps: 2, batch: 8 })
    const map = { name: 'map', model }
    await expect(trainModel(pair, { ...small, loss: 'pinn', teacher: map })).rejects.toThrow(
      /map is a consistency function/,
    )
    for (const problem of [triple, normal])
      await expect(trainModel(problem, { ...small, loss: 'pinn', teacher })).rejects.toThrow(
        /mean and covariance differ/,
      )
    await expect(trainModel(pair, { ...small, time: 6, loss: 'pinn', teacher })).rejects.toThrow(
      /time is 6; expected at most 5/,
    )
  })
})
