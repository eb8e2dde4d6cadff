import { startWorker } from './compute/worker.ts'
import { startPage } from './view/page.ts'

declare global {
  /** This whole script as a function, which the build wraps around it: its text is the worker's. */
  var consistencyPdePlayground: (() => void) | undefined
}

if (typeof document === 'undefined') startWorker(globalThis as unknown as Parameters<typeof startWorker>[0])
else startPage(`(${globalThis.consistencyPdePlayground})()`)
