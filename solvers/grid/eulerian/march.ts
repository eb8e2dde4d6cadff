import type { Velocity } from '../../../src/characteristics/engine.ts'
import type { VeRun } from '../../../src/consistency-function.ts'
import { ComputationError } from '../../../src/errors.ts'
import { nodeCoordinates, type UniformGrid, uniformGrid } from '../../../src/numeric/uniform-grid.ts'
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

/** Where the speed is looked at: this many θ, and at most this many nodes an axis by dimension. */
const LEVELS = 97
const NODES = [401, 49, 21]
/** The speed counts for at least this share of its maximum, see `schedule`. */
const FLOOR = 0.25
/** For what the coarse look at the speed may have missed. */
const MARGIN = 1.02

/**
 * The ends of the steps in θ from 0 to `end` with the Courant number Σ_i |v_i| Δθ / h_i at most `courant` over the
 * whole of every step, on the whole grid. v(0, ·) = 0, so a rule that looks at the start of a step would make a
 * huge first one; and since v grows like θ, even the whole-step rule would open with a step of order √h, whose error
 * spoils a high order. So the speed counts for at least a quarter of its maximum (docs/mathematics.md §2).
 */
export function schedule(velocity: Velocity, grid: UniformGrid, end: number, courant: number): Float64Array {
  const coarse = uniformGrid(grid.low, grid.high, Math.min(grid.nodes, NODES[grid.dimension - 1] ?? 2))
  const y = nodeCoordinates(coarse)
  const v = new Float64Array(y.length)
  const speeds = Float64Array.from({ length: LEVELS }, (_, level) => {
    velocity((level / (LEVELS - 1)) * end, y, v)
    const rate = largestRate(v, grid)
    if (Number.isFinite(rate)) return rate
    throw new ComputationError(
      'The velocity is not finite on the grid. Data on points or planes has no score at t = 0: give it a bandwidth, or use characteristics.',
    )
  })
  const floor = FLOOR * speeds.reduce((a, b) => Math.max(a, b), 0)
  // the fastest of a level and its neighbours bounds the whole step around it
  const bound = speeds.map((speed, i) =>
    Math.max(floor, MARGIN * Math.max(speed, speeds[i - 1] ?? 0, speeds[i + 1] ?? 0)),
  )
  return equalShares(bound, end, courant)
}

/** max over the rows of Σ_i |v_i| / h_i. */
function largestRate(v: Float64Array, { dimension: d, spacing }: UniformGrid): number {
  let largest = 0
  for (let row = 0; row < v.length; row += d) {
    let rate = 0
    for (let i = 0; i < d; i++) rate += Math.abs(v[row + i]) / spacing[i]
    // the negation lets NaN through
    if (!(rate <= largest)) largest = rate
  }
  return largest
}

/** Splits [0, end] into steps over which the integral of the rate, given at equal distances, is the same. */
function equalShares(rate: Float64Array, end: number, courant: number): Float64Array {
  const width = end / (rate.length - 1)
  const integral = new Float64Array(rate.length)
  for (let i = 1; i < rate.length; i++) integral[i] = integral[i - 1] + (width * (rate[i - 1] + rate[i])) / 2
  const total = integral[rate.length - 1]
  const steps = Math.max(4, Math.ceil(total / courant))
  const thetas = new Float64Array(steps + 1)
  let level = 0
  for (let k = 1; k < steps; k++) {
    // no flow at all: equal steps
    const share = total > 0 ? (total * k) / steps : 0
    while (level < rate.length - 2 && integral[level + 1] < share) level++
    const span = integral[level + 1] - integral[level]
    thetas[k] = total > 0 ? width * (level + (share - integral[level]) / span) : (end * k) / steps
  }
  thetas[steps] = end
  return thetas
}
