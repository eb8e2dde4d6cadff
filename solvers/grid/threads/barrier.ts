import { ComputationError } from '../../../src/errors.ts'

/** Words shared by threads that wait for each other. */
export const words = {
  /** Threads that have come to the barrier. */
  arrived: 0,
  /** How often all have. */
  round: 1,
  /** Steps that have been asked for. */
  job: 2,
  count: 3,
} as const

// short: where other programs want the cores, a thread that looks takes the time of the one it waits for
const SPINS = 5000
const PATIENCE = 600_000

/** Waits until all `parties` threads that share the words have called this. */
export function meet(shared: Int32Array, parties: number): void {
  const round = Atomics.load(shared, words.round)
  if (Atomics.add(shared, words.arrived, 1) === parties - 1) {
    Atomics.store(shared, words.arrived, 0)
    Atomics.add(shared, words.round, 1)
    Atomics.notify(shared, words.round)
    return
  }
  waitWhile(shared, words.round, round)
}

/**
 * Waits while a word has a value: looks at it for a moment, then sleeps.
 *
 * @throws ComputationError after ten minutes, in which another thread must have died
 */
export function waitWhile(shared: Int32Array, word: number, value: number): void {
  for (let spin = 0; spin < SPINS; spin++) if (Atomics.load(shared, word) !== value) return
  while (Atomics.load(shared, word) === value)
    if (Atomics.wait(shared, word, value, PATIENCE) === 'timed-out')
      throw new ComputationError('A thread does not answer. Try again with one thread, or with fewer nodes.')
}
