import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { formatNpy } from '../../src/io/npy.ts'
import { points } from '../../src/points/points.ts'
import { Random } from '../../src/random/random.ts'
import { gaussian, WorkFolder } from './work-folder.ts'

const binary = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url))

/** 100 kills when CONSISTENCY_PDE_SLOW is 1. */
const slow = process.env.CONSISTENCY_PDE_SLOW === '1'
const KILLS = slow ? 100 : 5
const SEED = 12
const OLD = 'what was there'

let folder: WorkFolder
beforeAll(async () => {
  if (!existsSync(binary)) throw new Error('there is no build to test: npm run build')
  const x = points(
    Float64Array.from({ length: 100_000 }, (_, i) => Math.sin(i)),
    1,
  )
  folder = await WorkFolder.create({ 'problem.json': JSON.stringify(gaussian), 'x.npy': formatNpy(x) })
})
afterAll(() => folder.remove())

function evaluate() {
  const task = 'evaluate --problem problem.json --method exact --time 3 --points x.npy --out out.csv'
  const child = spawn(process.execPath, [binary, ...task.split(' ')], { cwd: folder.path, stdio: 'ignore' })
  return { child, ended: new Promise<void>((resolve) => child.on('close', () => resolve())) }
}

const temporary = async () => (await folder.list()).filter((name) => name.endsWith('.tmp'))

test(
  `killed at ${KILLS} random moments, evaluate leaves the old file or the new one`,
  async () => {
    await evaluate().ended
    const whole = await readFile(folder.file('out.csv'), 'utf8')
    expect(whole.trim().split('\n').length).toBeGreaterThanOrEqual(100_000)
    const random = new Random(SEED)
    const found = { old: 0, new: 0, damaged: 0, whileWriting: 0 }
    for (let k = 0; k < KILLS; k++) {
      await writeFile(folder.file('out.csv'), OLD)
      const { child, ended } = evaluate()
      // the moment counts from the first temporary file, that of the check that the folder can be written to
      while (child.exitCode === null && (await temporary()).length === 0) await sleep(1)
      await sleep(random.uniform() * 150)
      child.kill('SIGKILL')
      await ended
      const text = await readFile(folder.file('out.csv'), 'utf8')
      found[text === OLD ? 'old' : text === whole ? 'new' : 'damaged']++
      for (const name of await temporary()) {
        found.whileWriting++
        await rm(folder.file(name))
      }
    }
    if (slow) console.info(`${KILLS} kills:`, found)
    expect(found.damaged).toBe(0)
    expect(found.whileWriting).toBeGreaterThan(0)
  },
  slow ? 600_000 : 60_000,
)
