import { setImmediate } from 'node:timers/promises'
import type { Io } from './io.ts'

/**
 * Lets signals that came during a long piece of work be heard.
 *
 * @throws the reason of the signal when it is aborted
 */
export async function hearSignals(signal: Io['signal']): Promise<void> {
  // the first may come before the event loop has looked for signals, the second comes after
  await setImmediate()
  await setImmediate()
  signal?.throwIfAborted()
}
