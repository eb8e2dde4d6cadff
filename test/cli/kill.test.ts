import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { decodeSafetensors } from '../../src/io/safetensors.ts'
import { Random } from '../../src/random/random.ts'
import { mixture, WorkFolder } from './work-folder.ts'

const binary = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url))

/** 50 kills when CONSISTENCY_PDE_SLOW is 1. */
const slow = process.env.CONSISTENCY_PDE_SLOW === '1'
const KILLS = slow ? 50 : 5
const STEPS = slow ? 20_000 : 2000
const SEED = 11

let folder: WorkFolder
beforeAll(async () => {
  if (!existsSync(binary)) throw new Error('there is no build to test: npm run build')
  folder = await WorkFolder.create({ 'problem.json': JSON.stringify(mixture) })
})
afterAll(() => folder.remove())

function train(out: string, checkpointEvery: number) {
  const task = `train --problem problem.json --loss pinn --time 3 --steps ${STEPS} --out ${out} --threads 1`
  const sizes = `--batch 16 --width 8 --layers 1 --checkpoint-every ${checkpointEvery} --resume`
  const child = spawn(process.execPath, [binary, ...task.split(' '), ...sizes.split(' ')], {
    cwd: folder.path,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let stderr = ''
  child.stderr.on('data', (data) => {
    stderr += data
  })
  const ended = new Promise<{ code: number | null; signal: string | null; stderr: string }>((resolve) =>
    child.on('close', (code, signal) => resolve({ code, signal, stderr })),
  )
  return { child, ended }
}

/** The step of the checkpoint of a folder, which has to be whole; 0 where there is none yet. */
async function checkpointStep(out: string): Promise<number> {
  const path = folder.file(`${out}/checkpoint.safetensors`)
  if (!existsSync(path)) return 0
  const { metadata } = decodeSafetensors(await readFile(path), path)
  return JSON.parse(metadata.checkpoint).step
}

test(
  `killed at ${KILLS} random moments, training has a whole checkpoint and goes on to the weights of a run in one go`,
  async () => {
    const random = new Random(SEED)
    const steps: number[] = [0]
    while (steps.length <= KILLS) {
      const { child, ended } = train('killed', 2)
      const from = steps.at(-1) ?? 0
      // a run that has not got further is let live on: the moment counts from its first checkpoint
      while (child.exitCode === null && (await checkpointStep('killed')) === from) await sleep(2)
      await sleep(random.uniform() * 60)
      child.kill('SIGKILL')
      expect(await ended, `kill ${steps.length}`).toMatchObject({ signal: 'SIGKILL', stderr: '' })
      const step = await checkpointStep('killed')
      expect(step).toBeGreaterThan(from)
      steps.push(step)
    }
    expect(steps.at(-1)).toBeLessThan(STEPS)
    expect(existsSync(folder.file('killed/model.json'))).toBe(false)

    for (const out of ['killed', 'whole'])
      expect(await train(out, 1000).ended).toEqual({ code: 0, signal: null, stderr: '' })
    const weights = (out: string) => readFile(folder.file(`${out}/weights.safetensors`))
    expect(await weights('killed')).toEqual(await weights('whole'))
    if (slow) console.info(`Killed after the steps ${steps.slice(1).join(', ')}`)
    // what a kill leaves behind is a file under a temporary name at most
    for (const name of await readdir(folder.file('killed')))
      expect(name).toMatch(/^(\..*\.tmp|(checkpoint|weights)\.safetensors|model\.json)$/)
  },
  slow ? 600_000 : 60_000,
)
