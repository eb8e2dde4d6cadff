import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { damagedFiles } from '../../bench/kill/damage.ts'
import { killEvaluate } from '../../bench/kill/evaluate.ts'
import { binary } from '../../bench/kill/process.ts'
import { killTrain } from '../../bench/kill/train.ts'
import { Random } from '../../src/random/random.ts'
import { WorkFolder } from './work-folder.ts'

// `npm run -s bench -- kill --kills 100` does the same with more kills

const KILLS = 2
const LONGEST = 120_000

let folder: WorkFolder
beforeAll(async () => {
  if (!existsSync(binary)) throw new Error('there is no build to test: npm run build')
  folder = await WorkFolder.create({})
  for (const name of ['evaluate', 'train', 'damage']) await mkdir(folder.file(name))
})
afterAll(() => folder.remove())

test(
  'evaluate leaves the old file or the new one',
  async () => {
    const found = await killEvaluate(folder.file('evaluate'), KILLS, new Random(12))
    expect(found).toMatchObject({ kills: KILLS, damaged: 0 })
    expect(found.old + found.new).toBe(KILLS)
    expect(found.whileWriting).toBeGreaterThan(0)
  },
  LONGEST,
)

test(
  'train has a whole checkpoint and goes on to the weights of a run in one go',
  async () => {
    const { steps, ...found } = await killTrain(folder.file('train'), KILLS, new Random(11))
    expect(found).toEqual({ kills: KILLS, damaged: 0, identical: true })
    expect(steps.every((step, k) => step > (steps[k - 1] ?? 0))).toBe(true)
  },
  LONGEST,
)

test('a damaged file is found', async () => {
  const names = {
    'a.json': '{"a": 1',
    'b.html': '<html>',
    'c.svg': '<svg>',
    'd.png': '\x89PNG',
    'e.safetensors': '',
  }
  for (const [name, text] of Object.entries({
    ...names,
    'f.json': '{}',
    '.x.tmp': '',
    'g.svg': '<svg></svg>\n',
  }))
    await writeFile(folder.file(`damage/${name}`), text)
  expect(await damagedFiles(folder.file('damage'))).toEqual(
    Object.keys(names).map((name) => folder.file(`damage/${name}`)),
  )
})
