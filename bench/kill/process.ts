import { spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

/** The command line of the build. */
export const binary = fileURLToPath(new URL('../../dist/bundle/cli/main.js', import.meta.url))

interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stderr: string
}

export interface Running {
  /** Whether it has ended by itself or was killed. */
  readonly done: () => boolean
  kill(signal: NodeJS.Signals): void
  readonly ended: Promise<Ended>
}

/** Starts Node with these arguments. */
export function startNode(args: readonly string[], folder: string): Running {
  const child = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] })
  let stderr = ''
  child.stderr.on('data', (data) => {
    stderr += data
  })
  let done = false
  const ended = new Promise<Ended>((resolve) =>
    child.on('close', (code, signal) => {
      done = true
      resolve({ code, signal, stderr })
    }),
  )
  return { done: () => done, kill: (signal) => child.kill(signal), ended }
}

const LOOK = 2
const PATIENCE = 600_000

/** Waits until something is so, or the process is done. @returns whether it is so */
export async function waitFor({ done }: Running, so: () => Promise<boolean>): Promise<boolean> {
  const start = Date.now()
  while (!done()) {
    if (await so()) return true
    if (Date.now() - start > PATIENCE) throw new Error('nothing has happened for ten minutes')
    await sleep(LOOK)
  }
  return false
}

/** @throws Error when a run that nobody killed did not succeed */
export async function succeed({ ended }: Running): Promise<void> {
  const { code, stderr } = await ended
  if (code !== 0) throw new Error(`exit code ${code}: ${stderr.slice(-500)}`)
}
