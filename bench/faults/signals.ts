import { readdir } from 'node:fs/promises'
import { basename } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Random } from '../../src/random/random.ts'
import { TEMPORARY } from '../kill/damage.ts'
import { binary, startNode } from '../kill/process.ts'

export interface SignalTrials {
  readonly trials: number
  /** Trials in which a command had ended before its signal. */
  readonly early: number
  /** The longest time from a signal to the end of the process, in seconds, and of which command. */
  readonly worst: number
  readonly worstOf: string
  /** What was wrong, a line each. */
  readonly failures: readonly string[]
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
/** Seconds in which a signal comes. */
const LONGEST_WAIT = 8

/** Sends a signal, in every fourth trial two, to a command at a random moment, and looks at how it ends and what it leaves. */
export async function signalTrials(
  commands: Readonly<Record<string, string>>,
  folder: string,
  trials: number,
  random: Random,
): Promise<SignalTrials> {
  const names = Object.keys(commands)
  const failures: string[] = []
  let [early, worst, worstOf] = [0, 0, '']
  for (let k = 0; k < trials; k++) {
    const name = names[k % names.length]
    const signal = SIGNALS[random.integer(SIGNALS.length)]
    const wait = LONGEST_WAIT * random.uniform()
    const running = startNode([binary, ...commands[name].split(' ')], folder)
    await Promise.race([sleep(1000 * wait), running.ended])
    const before = running.done()
    const start = performance.now()
    running.kill(signal)
    if (k % 4 === 3) {
      await sleep(100)
      running.kill(signal)
    }
    const { code, signal: by, stderr } = await running.ended
    const seconds = (performance.now() - start) / 1000
    if (before) early++
    else if (seconds > worst) [worst, worstOf] = [seconds, name]
    const trial = `${name}, ${signal} after ${wait.toFixed(2)} s`
    // before Node listens, a signal ends it by itself
    const heard = code === 130 && stderr.endsWith('Interrupted.\n')
    if (!before && !heard && by !== signal && code !== 0)
      failures.push(`${trial}: code ${code}, ${stderr.slice(-200)}`)
    const left = (await readdir(folder, { recursive: true })).filter((file) => TEMPORARY.test(basename(file)))
    if (left.length > 0) failures.push(`${trial}: left ${left.join(', ')}`)
  }
  return { trials, early, worst, worstOf, failures }
}
