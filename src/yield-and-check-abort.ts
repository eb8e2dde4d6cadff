import { setImmediate } from 'node:timers/promises'

/**
 * Yields to the event loop, so that signals that came during a long piece of work arrive.
 *
 * @throws the reason of the signal when it is aborted
 */
export async function yieldAndCheckAbort(signal: AbortSignal | undefined): Promise<void> {
  // the first may come before the event loop has looked for signals, the second comes after
  await setImmediate()
  await setImmediate()
  signal?.throwIfAborted()
}
