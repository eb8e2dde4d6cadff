import { Presets, SingleBar } from 'cli-progress'
import { ComputationError, oneLine } from '../src/errors.ts'
import type { Progress } from '../src/progress.ts'
import { WARNING } from '../src/warning.ts'

/** Where a run of the command line puts its words, and what may interrupt it. */
export interface Io {
  /** Results only. */
  stdout(text: string): void
  /** Errors, one sentence each. */
  stderr(text: string): void
  /** Aborted on SIGINT or SIGTERM. */
  readonly signal?: AbortSignal
}

type Stream = NodeJS.WriteStream

/** Writes, where there is still somebody who takes it. */
export function say(stream: Stream, text: string): void {
  if (stream.writable) stream.write(text)
}

/**
 * What happens when nobody takes what is said. A reader of the results that has seen enough, such as `head`, is no failure; a
 * disk that is full is one. Where the errors go to does not change what they are.
 */
export function guardStreams(): void {
  process.stdout.on('error', ({ code = 'an error' }: NodeJS.ErrnoException) => {
    if (code === 'EPIPE') process.exit(0)
    say(process.stderr, `The results could not be written to stdout (${code}).\n`)
    process.exit(1)
  })
  process.stderr.on('error', () => {})
}

/** Our own warnings as sentences, others as Node prints them. */
export function sayWarnings(write: (text: string) => void): void {
  const [print] = process.listeners('warning')
  process.removeAllListeners('warning').on('warning', (warning) => {
    if (warning.name === WARNING) write(`${warning.message}\n`)
    else print?.(warning)
  })
}

const LONGEST = 1000

/** What the system, or the engine, refuses: no fault of ours. */
const LIMITS: Readonly<Record<string, string>> = {
  EMFILE: 'The system allows too few open files (`ulimit -n`); 64 are enough.',
  ENFILE: 'The system has too many open files; try again later.',
  ERR_WORKER_OUT_OF_MEMORY:
    'The command ran out of memory; try a smaller problem, or a larger limit with NODE_OPTIONS=--max-old-space-size=<MB>.',
}

/** Whether the folder that relative names start from is there no more. */
export function isFolderGone(error: unknown): boolean {
  return /\buv_cwd\b/.test((error as Error)?.message ?? '')
}

const FOLDER_GONE = 'The current folder was removed; expected one that exists.'

/** A failure in one plain sentence; only faults of ours are unexpected. */
export function failureSentence(error: unknown): string {
  const { code = '' } = error as NodeJS.ErrnoException
  if (Object.hasOwn(LIMITS, code)) return LIMITS[code]
  if (isFolderGone(error)) return FOLDER_GONE
  const message = oneLine(error instanceof Error ? error.message : String(error), LONGEST).trim()
  if (error instanceof ComputationError) return message
  return `An unexpected failure: ${message}${message.endsWith('.') ? '' : '.'}`
}

/** A bar on stderr that shows progress until stopped; silent when stderr is not a terminal. */
interface ProgressBar {
  readonly update: (progress: Progress) => void
  readonly stop: () => void
}

export function progressBar(): ProgressBar {
  if (!process.stderr.isTTY) return { update: () => {}, stop: () => {} }
  const format = '{label} {bar} {value}/{total} | {eta_formatted} left'
  const bar = new SingleBar(
    { stream: process.stderr, format, clearOnComplete: true, hideCursor: true },
    Presets.rect,
  )
  return {
    update({ done, total, label }) {
      if (bar.isActive) bar.setTotal(total)
      else bar.start(total, done, { label })
      bar.update(done, { label })
    },
    stop: () => bar.stop(),
  }
}
