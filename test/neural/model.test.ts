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
  trainModel,
} from '../../solvers/neural/index.ts'
import { parseProblem } from '../../src/create/create-problem.ts'
import { InputError } from '../../src/errors.ts'
import { pointsFromRows, pointsToRows } from '../../src/points/points.ts'
import { solve } from '../../src/solve.ts'
import { normal, triple } from './problems.ts'

const options = {
  loss: 'pinn',
  time: 5,
  steps: 40,
  width: 8,
  layers: 2,
  batch: 16,
  seed: 3,
  backend: 'simd',
  checkpointEvery: 10,
} satisfies TrainModelOptions
const X = pointsFromRows([
  [1, 2],
  [-3, 0.5],
])

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'model-'))
})
afterAll(() => rm(folder, { recursive: true }))

describe('a model folder', () => {
  it('gives back the map that was trained, through files and through bytes', async () => {
    const out = join(folder, 'saved')
    const { model, curve, secondsPerStep, steps } = await trainModel(triple, { ...options, out })
    expect(steps).toBe(40)
    expect(secondsPerStep).toBeGreaterThan(0)
    expect(curve.length).toBe(40)
    const trained = await modelMap(model, { backend: 'simd' })
    const expected = trained.evaluate(5, Float64Array.of(1, 2, -3, 0.5))
    const method = await loadModel(out, { backend: 'simd' })
    const weights = expect.stringMatching(/^[0-9a-f]{64}$/)
    expect(method.model).toEqual({ ...model, description: { ...model.description, weights } })
    const f = await solve(parseProblem(method.model.description.problem), method, { time: 5 })
    expect(pointsToRows(f.evaluate(5, X)).flat()).toEqual([...expected])
    expect(f.info.method).toBe('pinn')
    const copy = await modelMap(modelFromBytes(modelToBytes(model)), { backend: 'simd' })
    expect(copy.evaluate(5, Float64Array.of(1, 2, -3, 0.5))).toEqual(expected)
  })

  it('of a two-time network has its map between any two times, and its warnings', async () => {
    const { model } = await trainModel(triple, { ...options, loss: 'cd-jump' })
    expect(model.description.architecture.times).toBe(2)
    const { flow, evaluate, warnings } = await modelMap(modelFromBytes(modelToBytes(model)), {
      backend: 'simd',
    })
    const x = Float64Array.of(1, 2, -3, 0.5)
    const start = flow?.evaluate(5, 0, x) ?? x
    for (const [i, value] of evaluate(5, x).entries()) expect(value).toBeCloseTo(start[i], 12)
    expect(flow?.evaluate(5, 5, x)).toEqual(x)
    expect(warnings).toBeUndefined()
    const short = await trainModel(triple, { ...options, loss: 'cd-jump-duration' })
    const duration = await modelMap(short.model, { backend: 'simd' })
    expect(duration.flow).toBeUndefined()
    expect(duration.warnings?.[0]).toMatch(/duration of a jump only/)
  })

  it('says what it targets when it is loaded', async () => {
    const { model } = await trainModel(triple, { ...options, loss: 'ect' })
    const map = await modelMap(model, { backend: 'simd' })
    expect(map.options).toEqual({ metric: 'l1', targets: 'the conditional geometric median' })
    expect(map.warnings).toHaveLength(1)
  })

  it('is not used for other data or later times', async () => {
    const { model } = await trainModel(triple, options)
    const method = { ...(await loadModel(join(folder, 'saved'), { backend: 'simd' })), model }
    await expect(solve(normal, method, { time: 5 })).rejects.toThrow(/mean and covariance differ/)
    await expect(solve(triple, method, { time: 6 })).rejects.toThrow(/time is 6; expected at most 5/)
  })

  it.each([
    ['model.json', (text: string) => text.replace('"width": 8', '"width": 9')],
    ['model.json', (text: string) => text.replace('"kind": "mlp"', '"kind": "transformer"')],
    ['model.json', (text: string) => text.replace('"formatVersion": 1', '"formatVersion": 2')],
    ['model.json', (text: string) => text.replace('{', '{"code": "x",')],
    ['model.json', (text: string) => text.replace('weights.layer0.weight', 'elsewhere')],
    ['model.json', (text: string) => text.slice(0, 500)],
    ['model.json', () => 'null'],
  ])('with a damaged %s is refused (%#)', async (file, damage) => {
    const path = join(folder, 'saved', file)
    const text = await readFile(path, 'utf8')
    await writeFile(path, damage(text))
    await expect(loadModel(join(folder, 'saved'), { backend: 'simd' })).rejects.toThrow(InputError)
    await writeFile(path, text)
  })

  it('with damaged weights, or none, is refused', async () => {
    const path = join(folder, 'saved', 'weights.safetensors')
    const bytes = await readFile(path)
    await writeFile(path, bytes.subarray(0, bytes.length - 4))
    await expect(loadModel(join(folder, 'saved'))).rejects.toThrow(InputError)
    await writeFile(
      path,
      Buffer.concat([bytes.subarray(0, -4), Buffer.from(new Float32Array([Number.NaN]).buffer)]),
    )
    await expect(loadModel(join(folder, 'saved'))).rejects.toThrow(/not finite/)
    await rm(path)
    await expect(loadModel(join(folder, 'saved'))).rejects.toThrow(/weights.safetensors does not exist/)
    await expect(loadModel(join(folder, 'nowhere'))).rejects.toThrow(/does not exist/)
  })
})

describe('a checkpoint', () => {
  const weightsOf = async (out: string) => readFile(join(out, 'weights.safetensors'))

  it.each([
    ['soap', 'flow', 'pinn'],
    ['adam', 'fresh', 'pinn'],
    ['soap', 'flow', 'cd'],
    ['adam', 'fresh', 'ct'],
    ['soap', 'flow', 'lmd'],
    ['soap', 'flow', 'cd-jump'],
    ['adam', 'fresh', 'ict'],
    ['soap', 'fresh', 'meanflow'],
  ] as const)('of %s on %s points (%s) goes on to the same bits', async (optimiser, points, loss) => {
    const run: TrainModelOptions = { ...options, loss, optimiser, points, steps: 200, intervals: 16 }
    const whole = join(folder, `whole-${loss}-${optimiser}`)
    const parts = join(folder, `parts-${loss}-${optimiser}`)
    await trainModel(triple, { ...run, out: whole })
    const controller = new AbortController()
    const interrupted = trainModel(triple, {
      ...run,
      out: parts,
      signal: controller.signal,
      onProgress: ({ done }) => {
        if (done > 0) controller.abort(new Error('interrupted'))
      },
    })
    await expect(interrupted).rejects.toThrow('interrupted')
    await expect(readFile(join(parts, 'model.json'))).rejects.toThrow()
    const { curve } = await trainModel(triple, { ...run, out: parts, resume: true })
    expect(await weightsOf(parts)).toEqual(await weightsOf(whole))
    const description = JSON.parse(await readFile(join(whole, 'model.json'), 'utf8'))
    expect(curve).toEqual(description.training.curve)
  })

  it('of another training is refused', async () => {
    const out = join(folder, 'parts-pinn-soap')
    const other = { ...options, optimiser: 'soap', points: 'flow', intervals: 16, out, resume: true } as const
    await expect(trainModel(triple, { ...other, steps: 300, resume: 'unchanged' })).rejects.toThrow(
      /another training, with steps 200; expected steps 300, as now/,
    )
    await expect(trainModel(triple, { ...options, resume: true })).rejects.toThrow(
      /resume is given without out/,
    )
  })

  it('that is damaged is refused', async () => {
    const out = join(folder, 'parts-pinn-soap')
    const run = {
      ...options,
      optimiser: 'soap',
      points: 'flow',
      steps: 200,
      intervals: 16,
      out,
      resume: true,
    } as const
    const path = join(out, 'checkpoint.safetensors')
    const bytes = await readFile(path)
    for (const damaged of [bytes.subarray(0, 100), bytes.subarray(0, -8), Buffer.alloc(0)]) {
      await writeFile(path, damaged)
      await expect(trainModel(triple, run)).rejects.toThrow(InputError)
    }
  })

  it('is named when the loss is no longer finite', async () => {
    const out = join(folder, 'broken')
    const broken = {
      ...triple,
      density: {
        ...triple.density,
        score(t: number | Float64Array, x: Float64Array, s: Float64Array) {
          triple.density.score(t, x, s)
          // of batches, not of the record of the problem
          if (x.length === 2 * options.batch) calls += 1
          if (calls > 25) s[0] = Number.NaN
        },
      },
    }
    let calls = 0
    const run = trainModel(broken, { ...options, monitor: false, points: 'fresh', out })
    await expect(run).rejects.toThrow(
      /no longer finite at step 26 \(seed 3\); the last checkpoint is of step 20/,
    )
  })
})
