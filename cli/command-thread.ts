import { parentPort, workerData } from 'node:worker_threads'
import { sayWarnings } from './io.ts'
import { run } from './program.ts'
import type { CommandMessage, CommandThreadData } from './supervise.ts'

// The thread that runs a command, so that the first one is always free to hear a signal.

const { argv, columns } = workerData as CommandThreadData
const say = (message: CommandMessage) => parentPort?.postMessage(message)
// a progress bar may be drawn where the first thread has a terminal
if (columns !== null) Object.assign(process.stderr, { isTTY: true, columns })

const controller = new AbortController()
parentPort?.once('message', () => controller.abort())
parentPort?.unref()

sayWarnings((text) => say({ stderr: text }))
const code = await run(argv, {
  stdout: (text) => say({ stdout: text }),
  stderr: (text) => say({ stderr: text }),
  signal: controller.signal,
})
say({ code })
await new Promise((resolve) => process.stderr.write('', resolve))
// whatever is left open, such as a thread that does not end, holds nothing up
process.exit()
