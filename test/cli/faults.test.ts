import { writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { limits, limitTrial } from '../../bench/faults/limits.ts'
import { signalTrials } from '../../bench/faults/signals.ts'
import { Random } from '../../src/random/random.ts'
import { mixture, WorkFolder } from './work-folder.ts'

// `npm run -s bench -- faults` tries all commands and limits

let folder: WorkFolder
beforeAll(async () => {
  folder = await WorkFolder.create({ 'plane.json': JSON.stringify(mixture), 'few.json': '[[1, 2]]' })
})
afterAll(() => folder.remove())

const tried = Object.keys(limits).filter((name) => name !== 'few threads')

test.runIf(process.platform === 'linux').each(tried)(
  '%s: the right code and one sentence at most',
  async (name) => {
    expect(await limitTrial(limits[name], folder.path)).toBeNull()
  },
  60_000,
)

test('a signal ends a loop that hears nothing and a training, and nothing is left behind', async () => {
  await writeFile(folder.file('few.json'), '[[1, 2]]')
  const points = 'points --problem plane.json --time 5 --samples 1000000 --out p.npy'
  const train = 'train --problem plane.json --loss pinn --time 5 --steps 100000 --out trained'
  const { failures, worst } = await signalTrials({ points, train }, folder.path, 2, new Random(3))
  expect(failures).toEqual([])
  // two seconds, and what a machine under tests adds
  expect(worst).toBeLessThan(6)
}, 60_000)
