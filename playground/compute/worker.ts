import type { State } from '../state/state.ts'
import type { Frame } from './coordinates.ts'
import { measure, type Result } from './measure.ts'

export interface Request {
  readonly id: number
  readonly state: State
  /** Whose coordinates the picture has, where they are not those of the state's data. */
  readonly frame?: Frame
}

export type Reply =
  | { readonly id: number; readonly result: Result }
  | { readonly id: number; readonly failure: string }

interface WorkerScope {
  onmessage: ((event: MessageEvent<Request>) => void) | null
  postMessage(reply: Reply): void
}

export function reply({ id, state, frame }: Request): Reply {
  try {
    return { id, result: measure(state, frame) }
  } catch (error) {
    return { id, failure: error instanceof Error ? error.message : String(error) }
  }
}

/** The other end of `client.ts`. */
export function startWorker(scope: WorkerScope): void {
  scope.onmessage = ({ data }) => scope.postMessage(reply(data))
}
