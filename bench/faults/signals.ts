import { readdir } from 'node:fs/promises'
import { basename } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Random } from '../../src/random/random.ts'
import { TEMPORARY } from '../kill/damage.ts'
import { binary, startNode } from '../kill/process.ts'

interface SignalTrials {
  readonly trials: number
  /** Trials in which a command had ended before its signal. */
  readonly early: number
  /** The longest time from a signal to the end of the process, in seconds. */
  readonly worst: number
  /** The same for each command. */
  readonly worstOf: Readonly<Record<string, number>>
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
  const worstOf: Record<string, number> = {}
  let early = 0
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
    else worstOf[name] = Math.max(worstOf[name] ?? 0, seconds)
    const trial = `${name}, ${signal} after ${wait.toFixed(2)} s`
    // before Node listens, a signal ends it by itself
    const heard = code === 130 && stderr.endsWith('Interrupted.\n')
    // what has refused its work was no trial
    if (before && code !== 0) failures.push(`${name}: code ${code}, ${stderr.slice(-200)}`)
    if (!before && !heard && by !== signal && code !== 0)
      failures.push(`${trial}: code ${code}, ${stderr.slice(-200)}`)
    const left = (await readdir(folder, { recursive: true })).filter((file) => isLeft(basename(file), by))
    if (left.length > 0) failures.push(`${trial}: left ${left.join(', ')}`)
  }
  return { trials, early, worst: Math.max(0, ...Object.values(worstOf)), worstOf, failures }
}

/** What a process must not leave; a lock may outlive one that the signal itself has ended, and is taken over then. */
function isLeft(file: string, by: NodeJS.Signals | null): boolean {
  return TEMPORARY.test(file) || (file === '.lock' && by === null)
}
