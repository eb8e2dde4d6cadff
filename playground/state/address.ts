import type { State } from './state.ts'
import { toHash } from './url.ts'

/** Browsers refuse pages that change their address some hundred times in half a minute, as a drag would. */
const PAUSE = 400

/** Keeps the state in the address: at once after a pause, and soon while changes come one after the other. `forget` what is not written yet. */
export function createAddress(): { write(state: State): void; forget(): void } {
  let waiting: State | null = null
  let timer: ReturnType<typeof setTimeout> | null = null

  function flush(): void {
    if (waiting) history.replaceState(null, '', toHash(waiting))
    waiting = null
  }
  function tick(): void {
    timer = null
    if (!waiting) return
    flush()
    timer = setTimeout(tick, PAUSE)
  }
  addEventListener('pagehide', flush)
  return {
    write(state) {
      waiting = state
      if (timer !== null) return
      flush()
      timer = setTimeout(tick, PAUSE)
    },
    forget() {
      waiting = null
    },
  }
}
