import { rmSync } from 'node:fs'
import { access } from 'node:fs/promises'
import { Worker } from 'node:worker_threads'
import { watchTemporaryFiles } from '../src/io/atomic-write.ts'
import { startThread, workerModule } from '../src/parallel/pool.ts'
import { failureSentence, guardStreams, isFolderGone, say, sayWarnings } from './io.ts'

/** What the thread of a command is started with. */
export interface CommandThreadData {
  readonly argv: readonly string[]
  /** Of the terminal on stderr; null where there is none. */
  readonly columns: number | null
}

/** One of the three. */
export interface CommandMessage {
  readonly stdout?: string
  readonly stderr?: string
  readonly code?: number
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
const INTERRUPTED = 130
const FAILURE = 1
const BAD_INPUT = 2
/** Milliseconds that a command has to end by itself after a signal, with its checkpoint, and its thread to be stopped. */
const GRACE = 1000
const STOPPING = 500

/**
 * Runs the command line in a thread of its own, while this one waits for signals. The first asks the command to end, which keeps
 * its checkpoint; one that does not answer within a second, or a second signal, has its thread stopped in the middle of
 * whatever it does, and its temporary files removed.
 *
 * @returns the exit code
 */
export async function supervise(argv: readonly string[]): Promise<number> {
  guardStreams()
  const files = watchTemporaryFiles()
  // Node ends at once where the threads that read its files cannot be started, so they come before our own
  await access('/').catch(() => {})
  const data: CommandThreadData = { argv, columns: process.stderr.isTTY ? process.stderr.columns : null }
  const program = new URL('./command-thread.ts', import.meta.url)
  // sources, as tsx runs them, need no other thread, nor do --help and --version; where the system allows none, there is no choice
  const alone = import.meta.url.endsWith('.ts') || argv.length < 2
  const thread = alone
    ? null
    : startThread(() => new Worker(new URL(workerModule(program)), { workerData: data }))
  try {
    return await (thread === null ? runHere(argv) : watch(thread, files.paths))
  } finally {
    files.stop()
  }
}

function watch(thread: Worker, temporary: ReadonlySet<string>): Promise<number> {
  let code: number | null = null
  let signals = 0
  function stop(name: NodeJS.Signals): void {
    void thread.terminate()
    // code of the machine, such as an ONNX runtime's, cannot be stopped: then the signal does what it does by default
    setTimeout(() => {
      clean(temporary)
      showCursor()
      process.removeAllListeners(name)
      process.kill(process.pid, name)
    }, STOPPING).unref()
  }
  for (const name of SIGNALS)
    process.on(name, () => {
      if (++signals > 1) return stop(name)
      thread.postMessage('stop')
      setTimeout(stop, GRACE, name).unref()
    })
  return new Promise((resolve) => {
    thread.on('message', (message: CommandMessage) => {
      if (message.stdout !== undefined) say(process.stdout, message.stdout)
      if (message.stderr !== undefined) say(process.stderr, message.stderr)
      code = message.code ?? code
    })
    thread.on('error', (error) => {
      code = isFolderGone(error) ? BAD_INPUT : FAILURE
      say(process.stderr, `${failureSentence(error)}\n`)
    })
    thread.on('exit', () => {
      // threads of the command may have been stopped in the middle too
      clean(temporary)
      if (code === null) {
        showCursor()
        say(
          process.stderr,
          signals > 0 ? 'Interrupted.\n' : 'An unexpected failure: the command ended early.\n',
        )
      }
      resolve(code ?? (signals > 0 ? INTERRUPTED : FAILURE))
    })
  })
}

/** What a thread that was stopped in the middle could not tidy up. */
function clean(temporary: ReadonlySet<string>): void {
  for (const path of temporary) rmSync(path, { force: true })
}

/** Which a progress bar hides. */
function showCursor(): void {
  if (process.stderr.isTTY) say(process.stderr, '\r\u001b[K\u001b[?25h')
}

async function runHere(argv: readonly string[]): Promise<number> {
  const { run } = await import('./program.ts')
  sayWarnings((text) => say(process.stderr, text))
  const controller = new AbortController()
  for (const name of SIGNALS)
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(INTERRUPTED)
      controller.abort()
    })
  return run(argv, {
    stdout: (text) => say(process.stdout, text),
    stderr: (text) => say(process.stderr, text),
    signal: controller.signal,
  })
}
