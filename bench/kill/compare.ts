import { existsSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { withoutTimes } from '../../experiments/without-times.ts'
import type { Random } from '../../src/random/random.ts'
import { damagedFiles, filesIn } from './damage.ts'
import { type Running, succeed, waitFor } from './process.ts'

/** Kills of one comparison: while networks are trained, and when all are. */
const ROUND = { early: 6, late: 5 }
const NETWORKS = ['pinn-0', 'cd-0', 'ct-0']
/** Milliseconds after a file has changed, and after the last network. */
const WAIT = 400
const MEASURING = 3000
const SIGNALS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGKILL', 'SIGKILL', 'SIGTERM', 'SIGKILL', 'SIGKILL']

interface CompareKills {
  /** By SIGKILL, with as many by SIGINT and SIGTERM beside. */
  readonly kills: number
  readonly interrupts: number
  readonly damaged: number
  /** Exit codes of the interrupted; 130 means as it should be. */
  readonly codes: readonly number[]
  /** Kills after the last network, while methods are measured and files are written. */
  readonly late: number
  /** Comparisons that were killed and then finished. */
  readonly finished: number
  /** How many of them have, apart from "seconds", the results and the weights of one in one go. */
  readonly identical: number
}

/**
 * Kills comparisons again and again; each goes on each time, and to its end after some kills.
 *
 * @param start a comparison that writes to a folder
 */
export async function killCompare(
  folder: string,
  kills: number,
  random: Random,
  start: (out: string) => Running,
): Promise<CompareKills> {
  const whole = join(folder, 'whole')
  await succeed(start(whole))
  const wanted = await outcome(whole)
  const found = { kills: 0, interrupts: 0, damaged: 0, late: 0, finished: 0, identical: 0 }
  const codes: number[] = []
  for (let round = 0; found.kills < kills; round++) {
    const out = join(folder, `killed-${round}`)
    const trained = () => NETWORKS.every((name) => existsSync(join(out, 'networks', name, 'model.json')))
    for (let k = 0; k < ROUND.early + ROUND.late && found.kills < kills; k++) {
      const running = start(out)
      const late = k >= ROUND.early
      if (late) await waitFor(running, async () => trained())
      const before = await state(out)
      // a late one is killed while methods are measured, or when files are written
      if (late && k % 2 === 0) await sleep(random.uniform() * MEASURING)
      else {
        await waitFor(running, async () => (await state(out)) !== before)
        await sleep(random.uniform() * WAIT)
      }
      running.kill(SIGNALS[k % SIGNALS.length])
      const { code, signal } = await running.ended
      found.damaged += (await damagedFiles(out)).length
      // it was done before
      if (code === 0) break
      if (signal === 'SIGKILL') found.kills++
      else {
        found.interrupts++
        codes.push(code ?? Number.NaN)
      }
      if (trained()) found.late++
    }
    await succeed(start(out))
    found.finished++
    if ((await outcome(out)) === wanted) found.identical++
    found.damaged += (await damagedFiles(out)).length
  }
  return { ...found, codes }
}

/** Names, sizes and times of all files of a folder. */
async function state(folder: string): Promise<string> {
  const files = await filesIn(folder)
  const parts = await Promise.all(
    files.map(async (name) => {
      const status = await stat(name).catch(() => null)
      return `${name} ${status?.size} ${status?.mtimeMs}`
    }),
  )
  return parts.join('\n')
}

/** results.json without measured times, and the weights: what must be the same. */
async function outcome(folder: string): Promise<string> {
  const results: unknown = JSON.parse(await readFile(join(folder, 'results.json'), 'utf8'))
  const parts = [JSON.stringify(withoutTimes(results))]
  for (const name of await filesIn(join(folder, 'networks')))
    if (name.endsWith('weights.safetensors'))
      parts.push(relative(folder, name), (await readFile(name)).toString('base64'))
  return parts.join('\n')
}
