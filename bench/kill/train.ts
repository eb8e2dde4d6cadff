import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { decodeSafetensors } from '../../src/io/safetensors.ts'
import type { Random } from '../../src/random/random.ts'
import { damagedFiles } from './damage.ts'
import { plane } from './problems.ts'
import { binary, startNode, succeed, waitFor } from './process.ts'

/** Steps a kill: more than a life makes until it is killed. */
const STEPS = 400
const WAIT = 60

interface TrainKills {
  readonly kills: number
  readonly damaged: number
  /** The step of the checkpoint after each kill. */
  readonly steps: readonly number[]
  /** Whether the weights are those of a run in one go. */
  readonly identical: boolean
}

/** Kills one training again and again; it goes on from its checkpoint each time, and to its end after the last. */
export async function killTrain(folder: string, kills: number, random: Random): Promise<TrainKills> {
  await writeFile(join(folder, 'problem.json'), JSON.stringify(plane))
  const start = (out: string, every: number) => {
    const task = `train --problem problem.json --loss pinn --time 3 --steps ${STEPS * kills} --out ${out} --threads 1`
    const sizes = `--batch 16 --width 8 --layers 1 --checkpoint-every ${every} --resume`
    return startNode([binary, ...task.split(' '), ...sizes.split(' ')], folder)
  }
  const checkpointStep = async (): Promise<number> => {
    const path = join(folder, 'killed/checkpoint.safetensors')
    if (!existsSync(path)) return 0
    return JSON.parse(decodeSafetensors(await readFile(path), path).metadata.checkpoint).step
  }
  let damaged = 0
  const steps: number[] = []
  for (let k = 0; k < kills; k++) {
    const running = start('killed', 2)
    const from = steps.at(-1) ?? 0
    // a life that has not got further is let live on: the moment counts from its first checkpoint
    await waitFor(running, async () => (await checkpointStep()) > from)
    await sleep(random.uniform() * WAIT)
    running.kill('SIGKILL')
    const { signal, stderr } = await running.ended
    if (signal !== 'SIGKILL') throw new Error(`the training ended before it was killed: ${stderr}`)
    damaged += (await damagedFiles(join(folder, 'killed'))).length
    steps.push(await checkpointStep())
  }
  for (const out of ['killed', 'whole']) await succeed(start(out, 1000))
  const weights = (out: string) => readFile(join(folder, out, 'weights.safetensors'))
  return { kills, damaged, steps, identical: (await weights('killed')).equals(await weights('whole')) }
}
