import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { decodeCheckpoint, encodeCheckpoint } from '../../solvers/neural/checkpoint.ts'
import { type TrainingOptions, trainingSettings } from '../../solvers/neural/settings.ts'
import { train } from '../../solvers/neural/train.ts'
import { trainModel } from '../../solvers/neural/train-model.ts'
import { readModel } from '../../src/nn/model/model-folder.ts'
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
