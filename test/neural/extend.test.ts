import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { runTask } from '../../experiments/compare/tasks.ts'
import { type TrainModelOptions, trainModel } from '../../solvers/neural/train-model.ts'
import { recordOf } from '../../src/problem/record.ts'
import { runCli } from '../cli/in-process.ts'
import { mixture } from '../cli/work-folder.ts'
import { triple } from './problems.ts'

const folder = await mkdtemp(join(tmpdir(), 'extend-'))
afterAll(() => rm(folder, { recursive: true }))
const bytesOf = (out: string, name = 'weights.safetensors') => readFile(join(folder, out, name))
const small = { time: 5, width: 24, layers: 2, batch: 64, seed: 3, backend: 'simd' } as const
const STEPS = 200

/** Trains in a folder of this test. */
function train(out: string, options: Omit<TrainModelOptions, 'time' | 'out'>) {
  return trainModel(triple, { ...small, ...options, out: join(folder, out) })
}

describe.each([
  ['pinn', 'soap', 'flow'],
  ['cd', 'adam', 'flow'],
  ['ict', 'adam', 'fresh'],
] as const)('%s (%s, %s points) made longer', (loss, optimiser, points) => {
  const run = { loss, optimiser, points, intervals: 16 } as const
  const longer = { ...run, steps: 2 * STEPS, resume: true } as const
  const name = (part: string) => `${loss}-${part}`

  it('goes on from where it stood, says so, and gives the same bytes again', async () => {
    const short = await train(name('one'), { ...run, steps: STEPS })
    await cp(join(folder, name('one')), join(folder, name('two')), { recursive: true })
    await cp(join(folder, name('one')), join(folder, name('parts')), { recursive: true })
    const told: unknown[] = []
    const extended = await train(name('one'), { ...longer, onExtended: (one) => told.push(one) })
    const extensions = [{ step: STEPS, steps: STEPS }]
    expect(told).toEqual(extensions)
    expect(extended).toMatchObject({ steps: 2 * STEPS, extensions })
    expect(short.extensions).toEqual([])
    const description = JSON.parse(await readFile(join(folder, name('one'), 'model.json'), 'utf8'))
    expect(description.training.extensions).toEqual(extensions)
    expect(description.settings.steps).toBe(2 * STEPS)
    // the course of the first part is kept
    expect(extended.curve.slice(0, short.curve.length)).toEqual(short.curve)
    expect(extended.curve.at(-1)?.step).toBe(2 * STEPS)
    await train(name('two'), longer)
    expect(await bytesOf(name('two'))).toEqual(await bytesOf(name('one')))
  })

  it('is another training than one of so many steps from the start', async () => {
    await train(name('whole'), { ...run, steps: 2 * STEPS })
    expect(await bytesOf(name('whole'))).not.toEqual(await bytesOf(name('one')))
  })

  it('goes on to the same bytes after an interruption, and is not made longer twice', async () => {
    const controller = new AbortController()
    const interrupted = train(name('parts'), {
      ...longer,
      signal: controller.signal,
      onProgress: ({ done }) => done > STEPS && controller.abort(new Error('interrupted')),
    })
    await expect(interrupted).rejects.toThrow('interrupted')
    const told: unknown[] = []
    const { extensions } = await train(name('parts'), { ...longer, onExtended: (one) => told.push(one) })
    expect(told).toEqual([])
    expect(extensions).toEqual([{ step: STEPS, steps: STEPS }])
    expect(await bytesOf(name('parts'))).toEqual(await bytesOf(name('one')))
  })
})

describe('a training of 200 steps', async () => {
  const run = { loss: 'pinn', optimiser: 'adam' } as const
  await train('short', { ...run, steps: STEPS })

  it('keeps its number of steps where none is given, for however many seconds', async () => {
    const before = await bytesOf('short')
    for (const options of [{}, { seconds: 1000 }]) {
      const { steps, extensions } = await train('short', { ...run, ...options, resume: true })
      expect([steps, extensions]).toEqual([STEPS, []])
    }
    expect(await bytesOf('short')).toEqual(before)
  })

  it.each([
    [{ steps: 100 }, /^steps is 100; expected at least the 200 of the training in .*, which can only be/],
    [{ steps: 300, batch: 32 }, /another training, with batch 64; expected batch 32, as now\.$/],
    [{ steps: 300, rate: 0.1, seed: 4 }, /with rate 0.003, seed 3; expected rate 0.1, seed 4, as now\.$/],
    [{ steps: 300, resume: 'unchanged' }, /with steps 200; expected steps 300, as now\.$/],
  ] as const)('refuses %j', async (options, words) => {
    await expect(train('short', { ...run, resume: true, ...options })).rejects.toThrow(words)
  })

  it('learns anew in a comparison that asks for more steps: its numbers depend on nothing that was there', async () => {
    const one = { steps: 1 }
    const context = { specification: recordOf(triple, 5).problem, time: 5, seed: 3 }
    const settings = { width: 24, layers: 2, batch: 64, pinn: one, cd: one, ct: one }
    for (const [out, steps] of [
      ['compared', 20],
      ['compared', 40],
      ['apart', 40],
    ] as const)
      await runTask({
        kind: 'train',
        context,
        network: { ...run, steps },
        settings,
        folder: join(folder, out),
      })
    expect(await bytesOf('compared')).toEqual(await bytesOf('apart'))
  })
})

it('the command line makes a training longer and says what that does', async () => {
  const problem = join(folder, 'problem.json')
  await writeFile(problem, JSON.stringify(mixture))
  const out = join(folder, 'by-command')
  const train = (...args: string[]) =>
    runCli(
      `train --problem ${problem} --loss pinn --time 4 --batch 32 --width 8 --layers 1 --out ${out}`
        .split(' ')
        .concat(args),
    )
  expect(await train('--steps', '10')).toMatchObject({ code: 0, stderr: '' })
  const longer = await train('--steps', '25', '--resume', '--json')
  expect(longer.code).toBe(0)
  expect(longer.stderr).toMatch(
    /^Goes on from step 10; the training was begun with 10 steps and has 25 from here on\. The learning rate is now that of step 10 of 25: .* another than one trained for 25 steps from the start\.\n$/,
  )
  expect(JSON.parse(longer.stdout)).toMatchObject({ steps: 25, extensions: [{ step: 10, steps: 10 }] })
  expect(await train('--steps', '25', '--resume')).toMatchObject({ code: 0, stderr: '' })
  expect(await train('--steps', '10', '--resume')).toMatchObject({
    code: 2,
    stderr: `steps is 10; expected at least the 25 of the training in ${out}, which can only be made longer.\n`,
  })
})
