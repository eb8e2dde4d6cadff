import { stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Presets, SingleBar } from 'cli-progress'
import { ComputationError, oneLine } from '../src/errors.ts'
import { checkFolderWritable } from '../src/io/atomic-write.ts'
import { BadInput } from '../src/io/bad-input.ts'
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

/**
 * Checks, before any work, that files can be written to a folder, or that the folder can be made where there is none.
 *
 * @throws InputError when the name, or that of a folder it is to be in, is a file, or writing is not allowed
 */
export async function checkOutputFolder(path: string): Promise<void> {
  const status = await stat(path).catch((error) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null
    throw new BadInput(path, `cannot be used (${error.code})`, 'the name of a folder')
  })
  if (status === null) return checkOutputFolder(dirname(path))
  if (!status.isDirectory()) throw new BadInput(path, 'is a file', 'a folder')
  await checkFolderWritable(path)
}

/**
 * Checks that no output is a file to be read, nor two outputs one file, under whatever name: links are followed.
 *
 * @param inputs names of files, those that are not given left out
 * @param outputs what to call each in an error, such as --out, with its name
 * @throws InputError naming the first that is
 */
export async function checkOutputs(
  inputs: readonly (string | undefined)[],
  outputs: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const seen = new Map<string, string>()
  for (const input of inputs) if (input !== undefined) seen.set(await identity(input), 'is a file to read')
  for (const [option, name] of Object.entries(outputs)) {
    if (name === undefined) continue
    const key = await identity(name)
    const problem = seen.get(key)
    if (problem !== undefined) throw new BadInput(`${option} ${name}`, problem, 'another name')
    seen.set(key, `is the file of ${option}`)
  }
}

async function identity(path: string): Promise<string> {
  const [{ stat }, { resolve }] = await Promise.all([import('node:fs/promises'), import('node:path')])
  const status = await stat(path, { bigint: true }).catch(() => null)
  return status === null ? resolve(path) : `${status.dev}:${status.ino}`
}
