import type { ConsistencyFunction, Progress } from '../consistency-function.ts'
import { type Points, points, rowMajor } from '../points/points.ts'
import { hearSignals } from './hear-signals.ts'

// short enough to hear a signal within a second or two, long enough for methods that work on blocks of similar rows
const VALUES_A_PART = 2 ** 15
const FEWEST_ROWS = 2048

/**
 * f(t, X), part by part, so that a signal is heard and progress seen between the parts.
 *
 * @throws the reason of the signal when it is aborted
 */
export async function evaluateInParts(
  f: ConsistencyFunction,
  t: number,
  X: Points,
  run: { readonly onProgress?: (progress: Progress) => void; readonly signal?: AbortSignal },
): Promise<Points> {
  const [count, dimension] = X.shape
  const x = rowMajor(X)
  const out = new Float64Array(x.length)
  const rows = Math.max(FEWEST_ROWS, Math.floor(VALUES_A_PART / dimension))
  for (let done = 0; done < count; done += rows) {
    const part = x.subarray(done * dimension, (done + rows) * dimension)
    out.set(rowMajor(f.evaluate(t, points(part, dimension))), done * dimension)
    run.onProgress?.({ done: Math.min(count, done + rows), total: count, label: 'points' })
    await hearSignals(run.signal)
  }
  return points(out, dimension)
}
