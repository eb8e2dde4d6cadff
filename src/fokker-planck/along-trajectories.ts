import { Integrator, type Velocity } from '../characteristics/engine.ts'
import { rk4 } from '../numeric/tableaux/low-order.ts'
import type { Density } from '../problem/density.ts'
import { inside } from '../problem/inside.ts'
import type { NonlinearDrift, Process } from '../problem/process.ts'
import { Random } from '../random/random.ts'
import type { LogDensity } from './log-density.ts'

const TRAJECTORIES = 32
/** What second derivatives of log p are differences over, as a part of the grid's spacing. */
const APART = 0.01

/**
 * By how much log p_t on a grid differs from what the probability-flow ODE itself says of it: along dx/dt = v = b − ½σ²∇log p,
 * d log p/dt = −∇·v (the continuity equation, docs/mathematics.md §1.6). Some trajectories start from samples of p_data, where log p is known, and take the
 * score alone from the grid. A p_t that starts as p_data and agrees along every trajectory solves the Fokker–Planck equation: neither the
 * splitting nor the mass has a part in this.
 *
 * @param times growing from 0: steps of the ODE, which end at the breaks
 * @returns the largest difference at the last time, of the trajectories that stay in the box
 */
export function differenceAlongTrajectories(
  { drift, diffusion, nonlinear, breaks }: Process & { readonly nonlinear: NonlinearDrift },
  density: Density,
  log: Pick<LogDensity, 'score' | 'value' | 'box' | 'spacing'>,
  times: readonly number[],
): number {
  if (!density.logDensity || !density.sample) return Number.NaN
  const { dimension: d } = density
  const end = times[times.length - 1]
  const stops = [0, ...(breaks?.(end) ?? []), end]
  const starts = density.sample(TRAJECTORIES, Random.stream(0, 'trajectories that log p_t is compared along'))
  const n = TRAJECTORIES
  // places, followed by log p along them
  const state = new Float64Array(n * (d + 1))
  state.set(starts)
  const expected = state.subarray(n * d)
  density.logDensity(0, starts, expected)

  const slopes = new Float64Array(n * d)
  const moved = new Float64Array(n * d)
  const [above, below] = [new Float64Array(n * d), new Float64Array(n * d)]
  const growth = new Float64Array(nonlinear.dimension === null ? n * d : n)
  let [low, high] = [0, end]
  const velocity: Velocity = (s, now, out) => {
    // a drift that jumps at a break is taken from between those around the step
    const t = inside(s, low, high)
    const x = now.subarray(0, n * d)
    const half = diffusion(t) ** 2 / 2
    drift(t, x, out.subarray(0, n * d))
    log.score(t, x, slopes)
    for (let i = 0; i < n * d; i++) out[i] -= half * slopes[i]
    nonlinear.divergence(t, x, growth)
    for (let row = 0; row < n; row++) {
      out[n * d + row] = 0
      const own = growth.length / n
      for (let k = 0; k < own; k++) out[n * d + row] -= growth[row * own + k]
    }
    for (let axis = 0; axis < d; axis++) {
      const step = APART * log.spacing[axis]
      for (const [sign, into] of [
        [1, above],
        [-1, below],
      ] as const) {
        moved.set(x)
        for (let i = axis; i < n * d; i += d) moved[i] += sign * step
        log.score(t, moved, into)
      }
      for (let row = 0; row < n; row++) {
        const i = row * d + axis
        out[n * d + row] += (half * (above[i] - below[i])) / (2 * step)
      }
    }
  }
  const integrator = new Integrator(rk4, state.length, 1)
  const stayed = new Array<boolean>(n).fill(true)
  for (let k = 1; k < times.length; k++) {
    low = stops.findLast((stop) => stop <= times[k - 1]) ?? 0
    high = stops.find((stop) => stop >= times[k]) ?? end
    integrator.advance(velocity, times[k - 1], times[k], state)
    for (let i = 0; i < n * d; i++) {
      const [least, most] = log.box[i % d]
      if (!(state[i] >= least && state[i] <= most)) stayed[Math.floor(i / d)] = false
    }
  }
  const found = new Float64Array(n)
  log.value(end, state.slice(0, n * d), found)
  const differences = Array.from(found, (value, row) => Math.abs(value - expected[row]))
  return Math.max(...differences.filter((_, row) => stayed[row]), stayed.some(Boolean) ? 0 : Infinity)
}
