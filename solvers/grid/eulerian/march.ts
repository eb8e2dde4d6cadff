import type { VeRun } from '../../../src/consistency-function.ts'
import type { Discretisation } from '../schemes/scheme.ts'

/** Milliseconds between two pauses, in which progress is told and an abort is seen. */
const PAUSE = 100

/** States of a march along given steps, at any angle up to its end. */
interface March {
  /** The state at θ, a new array: from the kept state before θ along the steps of the march and one shorter step. */
  at(theta: number): Float64Array
}

/**
 * Marches a state along `thetas`, keeping about `keep` states on the way and the last.
 *
 * @param together the same step by several threads, for the march to the end
 * @throws the reason of run.signal once it is aborted
 */
export async function march(
  step: Discretisation['step'],
  start: Float64Array,
  thetas: Float64Array,
  keep: number,
  { onProgress, signal }: VeRun,
  together: Discretisation['step'] = step,
): Promise<March> {
  const steps = thetas.length - 1
  const every = Math.ceil(steps / keep)
  const kept = [start]
  const state = start.slice()
  let paused = performance.now()
  for (let k = 0; k < steps; k++) {
    together(state, thetas[k], thetas[k + 1])
    if ((k + 1) % every === 0) kept.push(state.slice())
    if (performance.now() - paused < PAUSE) continue
    onProgress?.({ done: k + 1, total: steps, label: `step ${k + 1} of ${steps}` })
    await new Promise((resolve) => setTimeout(resolve))
    signal?.throwIfAborted()
    paused = performance.now()
  }
  return {
    at(theta) {
      if (theta === thetas[steps]) return state.slice()
      // the last step that ends at or before θ
      let last = steps
      while (thetas[last] > theta) last--
      const nearest = Math.floor(last / every)
      const values = (kept[nearest] ?? start).slice()
      for (let k = nearest * every; k < last; k++) step(values, thetas[k], thetas[k + 1])
      if (theta > thetas[last]) step(values, thetas[last], theta)
      return values
    },
  }
}
