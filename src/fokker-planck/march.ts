import { ComputationError } from '../errors.ts'
import type { UniformGrid } from '../numeric/uniform-grid.ts'
import { inside } from '../problem/inside.ts'
import { Convolution, type OuterSlopes } from './convolution.ts'
import { LogSpline } from './log-spline.ts'
import { addBackground, type DriftField, Transport } from './transport.ts'

interface MarchSettings {
  readonly grid: UniformGrid
  readonly outer: OuterSlopes
  readonly field: DriftField
  /** ∫ σ² from one time to a later one. */
  noise(from: number, to: number): number
  readonly tolerance: number
  /** How fast log p changes at t = 0, about. */
  readonly rate: number
  /** The longest step, as part of t + 1/rate: a spline in time goes through the steps. */
  readonly longestStep: number
  readonly end: number
  /** Times before the end, growing, that every step ends at, with at least three steps from one to the next. */
  readonly breaks: readonly number[]
}

/** log p at the nodes, at growing times from 0. */
interface Snapshot {
  readonly time: number
  readonly logs: Float64Array
}

// of the error of a step: nodes count by this power of p, so that tails count too, down to this exponent
const TAIL_POWER = 0.5
const FARTHEST_TAIL = -18
const SAFETY = 0.9
const LARGEST = 2
const SMALLEST = 0.3
const MOST_STEPS = 20_000
// in all, and from one break to the next: a cubic spline in time needs three
const FEWEST_STEPS = 8
const FEWEST_BETWEEN = 4

/**
 * The Fokker–Planck equation ∂_t p = −∇·(b p) + ½σ²Δp (docs/mathematics.md §1.1) by splitting: a step is half of the noise (an exact
 * convolution with a Gaussian), all of the drift (exact transport along its trajectories), and the other half of the noise:
 * Strang's splitting, of order 2. One step and two of half its size are extrapolated to order 4, in log p, and their difference
 * sets the step. Every part keeps p above 0, and a Gaussian stays one under a linear drift, so log p is as good in the tails as in the bulk.
 * Yields after every step.
 */
export function* march(settings: MarchSettings, start: Float64Array): Generator<Snapshot, void> {
  const { grid, outer, field, noise, tolerance, rate, longestStep, end } = settings
  const spline = new LogSpline(grid, outer)
  const convolution = new Convolution(grid, outer)
  const transport = new Transport(grid, field)
  const c = new Float64Array(spline.size)
  let logs = start.slice()
  addBackground(logs)
  let t = 0
  yield { time: 0, logs }

  const stops = [0, ...settings.breaks, end]
  const fewest = stops.length > 2 ? FEWEST_BETWEEN : FEWEST_STEPS
  let next = 1

  const moved = new Float64Array(grid.size)
  function drift(from: number, to: number, values: Float64Array): void {
    spline.fit(values, c)
    const [low, high] = [stops[next - 1], stops[next]]
    // a drift that jumps at a break is taken from before it
    const jumps = stops.length > 2
    transport.apply(
      spline,
      c,
      jumps ? inside(from, low, high) : from,
      jumps ? inside(to, low, high) : to,
      moved,
    )
    values.set(moved)
  }

  // of p at the start, or less
  const variance = noise(0, stops[1]) / stops[1] / rate
  const longest = () => Math.min((stops[next] - stops[next - 1]) / fewest, longestStep * (t + 1 / rate))
  let step = longest()
  for (let tried = 0; t < end; tried++) {
    if (tried === MOST_STEPS)
      throw new ComputationError(
        `The density took ${MOST_STEPS} steps to reach t = ${t} of ${end}; try a larger grid.tolerance or a shorter time.`,
      )
    const stop = stops[next]
    // in a pulse of the noise p changes by its variance, not by t
    while (stops.length > 2 && noise(t, Math.min(t + step, stop)) > longestStep * (noise(0, t) + variance))
      step /= 2
    const to =
      t + step >= stop - 1e-12 * end && t > stops[next - 1] ? stop : t + Math.min(step, (stop - t) / 2)
    const h = to - t
    const [quarter, half, late] = [t + h / 4, t + h / 2, t + 0.75 * h]
    const fine = logs.slice()
    convolution.apply(fine, noise(t, quarter))
    drift(t, half, fine)
    convolution.apply(fine, noise(quarter, late))
    drift(half, to, fine)
    convolution.apply(fine, noise(late, to))
    const coarse = logs.slice()
    convolution.apply(coarse, noise(t, half))
    drift(t, to, coarse)
    convolution.apply(coarse, noise(half, to))

    const error = weightedDifference(fine, coarse) / 3
    if (Number.isNaN(error))
      throw new ComputationError(
        `The density is not a number at t = ${to}; try a larger grid.box, more grid.nodes, or a drift that does not blow up.`,
      )
    const factor = Math.min(LARGEST, Math.max(SMALLEST, SAFETY * (tolerance / error) ** (1 / 3)))
    if (error > tolerance) {
      step = h * factor
      continue
    }
    for (let i = 0; i < fine.length; i++) fine[i] += (fine[i] - coarse[i]) / 3
    logs = fine
    t = to
    if (t === stop && t < end) next++
    step = Math.min(longest(), h * factor)
    yield { time: t, logs }
  }
}

/** The root mean square of a − b with weights √p, where p is above 1e-8 of its maximum: the outer edge is not accurate. */
function weightedDifference(a: Float64Array, b: Float64Array): number {
  let most = -Infinity
  for (let i = 0; i < a.length; i++) if (a[i] > most) most = a[i]
  let [sum, total] = [0, 0]
  for (let i = 0; i < a.length; i++) {
    const fall = a[i] - most
    if (fall < FARTHEST_TAIL) continue
    const weight = Math.exp(TAIL_POWER * fall)
    total += weight
    sum += weight * (a[i] - b[i]) ** 2
  }
  return Math.sqrt(sum / total)
}
