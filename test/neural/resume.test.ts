import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { decodeCheckpoint, encodeCheckpoint } from '../../solvers/neural/checkpoint.ts'
import { type TrainingOptions, trainingSettings } from '../../solvers/neural/settings.ts'
import { train } from '../../solvers/neural/train.ts'
import { trainModel } from '../../solvers/neural/train-model.ts'
import { decodeSafetensors, encodeSafetensors } from '../../src/io/safetensors.ts'
import { readModel } from '../../src/nn/model.ts'
import { version } from '../../src/version.ts'
import { triple } from './problems.ts'

const STEPS = 200
const HALF = 100

/** Large enough for the kernels to use every thread. */
const small: TrainingOptions = { backend: 'simd', width: 48, layers: 2, batch: 128, steps: STEPS }

/** Trains, from a checkpoint if one is given; returns the weights and the checkpoints of the steps 100 and 200 as bytes. */
async function run(options: TrainingOptions, from: Uint8Array | null) {
  const settings = trainingSettings('pinn', triple.density, { ...small, ...options })
  const saved = new Map<number, Uint8Array>()
  const { weights } = await train(triple.density, settings, {
    time: 5,
    seed: 7,
    state: from === null ? undefined : decodeCheckpoint(from, 'resume', 'checkpoint'),
    checkpoint: {
      every: HALF,
      async save(state) {
        saved.set(state.step, encodeCheckpoint({ ...state, seconds: 0 }, 'resume'))
      },
    },
  })
  const [half, end] = [HALF, STEPS].map((step) => saved.get(step) ?? null)
  return { half, end, weights }
}

describe('200 steps are 100 steps and 100 more from their checkpoint, byte for byte', () => {
  const whole = new Map<string, Awaited<ReturnType<typeof run>>>()

  it.each([
    ['adam', 'fresh', 1],
    ['adam', 'flow', 2],
    ['soap', 'flow', 1],
    ['soap', 'flow', 2],
  ] as const)('%s, %s points, %d threads', async (optimiser, points, threads) => {
    const options = { optimiser, points, threads }
    const one = await run(options, null)
    expect(one.half).toBeInstanceOf(Uint8Array)
    expect(one.end).not.toEqual(one.half)
    const rest = await run(options, one.half)
    expect(rest.half).toBe(null)
    expect(rest.end).toEqual(one.end)
    expect(rest.weights).toEqual(one.weights)
    whole.set(`${optimiser}, ${points}, ${threads}`, one)
  })

  it('whatever the number of threads', async () => {
    const [one, two] = ['soap, flow, 1', 'soap, flow, 2'].map((name) => whole.get(name))
    if (!one || !two) throw new Error('the runs before have failed')
    expect(two.end).toEqual(one.end)
    const rest = await run({ optimiser: 'soap', points: 'flow', threads: 2 }, one.half)
    expect(rest.end).toEqual(one.end)
  })
})

describe('a checkpoint', () => {
  it('of another version of the package is refused', async () => {
    const { half } = await run({}, null)
    const other = Buffer.from(half as Uint8Array)
    const at = other.indexOf(`version\\":\\"${version}`)
    expect(at).toBeGreaterThan(0)
    other.write('9', at + 'version\\":\\"'.length)
    expect(() => decodeCheckpoint(other, 'resume', 'checkpoint')).toThrow(
      /^checkpoint is a checkpoint of version 9/,
    )
  })

  it('of another training is refused by the option that differs', async () => {
    const { half } = await run({}, null)
    const state = decodeCheckpoint(half as Uint8Array, 'resume', 'checkpoint')
    const told = (settings: object, seed = 1) => JSON.stringify({ settings, seed, time: 5, problem: {} })
    const bytes = encodeCheckpoint(state, told({ loss: 'pinn', steps: 100 }))
    const decode = (training: string) => () => decodeCheckpoint(bytes, training, 'c')
    expect(decode(told({ loss: 'pinn', steps: 100 }))).not.toThrow()
    expect(decode(told({ loss: 'pinn', steps: 200 }))).toThrow(
      /^c is the checkpoint of another training, with steps 100; expected steps 200, as now\.$/,
    )
    expect(decode(told({ loss: 'pinn', steps: 100, rate: 0.1 }))).toThrow(
      /with rate not given; expected rate 0.1/,
    )
    expect(decode(told({ loss: 'pinn' }))).toThrow(/with steps 100; expected steps not given, as now/)
    expect(decode(told({ steps: 100 }))).toThrow(/with loss "pinn"; expected loss not given, as now/)
    expect(decode(told({ loss: 'cd', steps: 100, batch: 9 }, 2))).toThrow(
      /with loss "pinn", batch not given, seed 1; expected loss "cd", batch 9, seed 2, as now/,
    )
    const other = JSON.stringify({
      settings: { loss: 'pinn', steps: 100 },
      seed: 1,
      time: 5,
      problem: { a: 1 },
    })
    expect(decode(other)).toThrow(/with another problem; expected the same problem, as now/)
    expect(decode(told({ loss: 'pinn', steps: 100 }, 2))).toThrow(/with seed 1; expected seed 2/)
    expect(decode('no such thing')).toThrow(
      /^c is the checkpoint of another training; expected one of the same/,
    )
  })

  it('with anything else in the place of its numbers is refused', async () => {
    const { half } = await run({}, null)
    const { tensors, metadata } = decodeSafetensors(half as Uint8Array, 'checkpoint')
    const head = JSON.parse(metadata.checkpoint)
    const refused = (change: object, others = tensors) => {
      const bytes = encodeSafetensors(others, { checkpoint: JSON.stringify({ ...head, ...change }) })
      expect(() => decodeCheckpoint(bytes, 'resume', 'checkpoint')).toThrow(
        expect.objectContaining({
          name: 'InputError',
          message: expect.stringMatching(/^checkpoint (has|holds) [^\n]*\.$/),
        }),
      )
    }
    const { generator, spare } = head.random
    expect(generator).toHaveLength(4)
    for (const words of [
      [],
      generator.slice(1),
      [...generator, 1],
      [0, 0, 0, 0],
      [1, 2, 3, 0.5],
      [1, 2, 3, 2 ** 40],
    ])
      refused({ random: { generator: words, spare } })
    for (const step of [-1, 0.5, 1e16]) refused({ step })
    refused({ seconds: -1 })
    for (const value of [Number.NaN, Infinity])
      for (const [name, { data, shape }] of Object.entries(tensors)) {
        const spoiled = Float32Array.from(data)
        spoiled[spoiled.length - 1] = value
        refused({}, { ...tensors, [name]: { shape, data: spoiled } })
      }
  })
})

it('one training at a time writes to a folder; a checkpoint of later steps is refused', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'model-'))
  const train = (steps: number, resume = false) =>
    trainModel(triple, { ...small, loss: 'pinn', time: 5, steps, out: folder, resume })
  const both = await Promise.allSettled([train(2), train(2)])
  expect(both.filter(({ status }) => status === 'rejected')).toHaveLength(1)
  const refused = both.find((one) => one.status === 'rejected')
  expect(refused?.reason).toMatchObject({
    name: 'InputError',
    message: expect.stringContaining(' is in use: process '),
  })
  expect((await readdir(folder)).sort()).toEqual([
    'checkpoint.safetensors',
    'model.json',
    'weights.safetensors',
  ])
  const path = join(folder, 'checkpoint.safetensors')
  const { tensors, metadata } = decodeSafetensors(await readFile(path), path)
  const checkpoint = JSON.stringify({ ...JSON.parse(metadata.checkpoint), step: 1e15 })
  await writeFile(path, encodeSafetensors(tensors, { checkpoint }))
  await expect(train(2, true)).rejects.toThrow(/is of step 1000000000000000; expected one of the 2 steps/)
  await rm(folder, { recursive: true })
})

it('a folder with the weights of another training is refused', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'model-'))
  const train = (seed: number) =>
    trainModel(triple, { ...small, loss: 'pinn', time: 5, seed, steps: 2, out: join(folder, String(seed)) })
  for (const seed of [1, 2]) await train(seed)
  await expect(readModel(join(folder, '1'))).resolves.toBeDefined()
  await copyFile(join(folder, '2/weights.safetensors'), join(folder, '1/weights.safetensors'))
  await expect(readModel(join(folder, '1'))).rejects.toThrow('does not belong to model.json')
  await rm(folder, { recursive: true })
})
