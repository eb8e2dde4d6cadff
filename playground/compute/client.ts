import type { State } from '../state/state.ts'
import type { Frame } from './coordinates.ts'
import { type Reply, type Request, reply } from './worker.ts'

/** Computes states one after the other, always the newest; those that came between are dropped. */
interface Client {
  compute(state: State, frame?: Frame): void
}

/**
 * Runs the page's own script once more as a worker: from a Blob, so that it works from file:// too. Where workers are refused the
 * page computes by itself.
 *
 * @param source the text of a script that starts the worker
 */
export function createClient(source: string, onReply: (answer: Reply, state: State) => void): Client {
  const worker = startWorkerFrom(source)
  let running: Request | null = null
  let waiting: Request | null = null
  let count = 0

  function start(request: Request): void {
    running = request
    if (worker) worker.postMessage(request)
    else setTimeout(() => finish(reply(request)))
  }

  function finish(answer: Reply): void {
    const done = running
    running = null
    if (waiting) {
      const next = waiting
      waiting = null
      start(next)
    }
    if (done) onReply(answer, done.state)
  }

  if (worker) worker.onmessage = ({ data }: MessageEvent<Reply>) => finish(data)
  return {
    compute(state, frame) {
      const request = { id: ++count, state, frame }
      if (running) waiting = request
      else start(request)
    },
  }
}

function startWorkerFrom(source: string): Worker | null {
  try {
    return new Worker(URL.createObjectURL(new Blob([source], { type: 'text/javascript' })))
  } catch {
    return null
  }
}
