import { ComputationError, oneLine } from '../src/errors.ts'

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
