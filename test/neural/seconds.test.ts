import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { stepsWithin } from '../../solvers/neural/steps-within.ts'
import { trainModel } from '../../solvers/neural/train-model.ts'
import { pair } from './problems.ts'

const folder = await mkdtemp(join(tmpdir(), 'seconds-'))
afterAll(() => rm(folder, { recursive: true }))
const small = { loss: 'pinn', time: 5, width: 16, layers: 2, batch: 64, seed: 2 } as const
const weightsOf = (name: string) => readFile(join(folder, name, 'weights.safetensors'))

it.each([
  [100, 0.5, 0.01],
  [100, 0, 0.2],
  [20, 2, 0.001],
  [0.5, 0.4, 0.1],
])('in %d s, of %d s and %d s a step, takes the steps that fill them', async (seconds, fixed, step) => {
  let [clock, loading] = [1000, 3]
  const trial = async (steps: number) => {
    clock += 1000 * (fixed + step * steps + loading)
    loading = 0
  }
  const steps = await stepsWithin(seconds, trial, () => clock)
  const trials = clock / 1000 - 1
  await trial(steps)
  // what is left is filled, or nothing was left
  if (steps > 1) expect(Math.abs(clock / 1000 - 1 - seconds)).toBeLessThan(step + 0.1 * fixed + 1e-9)
  else expect(trials).toBeGreaterThan(seconds)
  expect(trials).toBeLessThan(Math.max(0.3 * seconds, 8 * fixed + 32 * step + 3))
})

describe('a training for a number of seconds', async () => {
  const out = join(folder, 'timed')
  const timed = await trainModel(pair, { ...small, seconds: 3, out })

  it('says how many steps it took', () => {
    expect(timed.steps).toBeGreaterThan(0)
    expect(timed.model.description.settings.steps).toBe(timed.steps)
    expect(timed.model.description.training.curve.at(-1)?.step).toBeLessThanOrEqual(timed.steps)
  })

  it('is repeated by its steps, byte for byte', async () => {
    await trainModel(pair, { ...small, steps: timed.steps, out: join(folder, 'counted') })
    expect(await weightsOf('counted')).toEqual(await weightsOf('timed'))
  })

  it('goes on with the number of steps that it began with', async () => {
    const before = await weightsOf('timed')
    const again = await trainModel(pair, { ...small, seconds: 1000, resume: true, out })
    expect(again.steps).toBe(timed.steps)
    expect(await weightsOf('timed')).toEqual(before)
  })
})

it.each([
  [{ seconds: 3, steps: 10 }, 'seconds is given together with steps; expected one of the two.'],
  [{ seconds: 0 }, 'seconds is 0; expected a finite number above 0 and at most 1000000000.'],
])('refuses %j', async (options, words) => {
  await expect(trainModel(pair, { ...small, ...options })).rejects.toThrow(words)
})
