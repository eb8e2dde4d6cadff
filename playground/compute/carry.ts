import { processTime, veTime } from '../../src/problem/process.ts'
import { processOf } from '../state/process.ts'
import type { Launch, State } from '../state/state.ts'
import { dataOf } from './data.ts'

/**
 * A state with another process or T whose launched points are on the same trajectories: at the same σ_t/α, or where the trajectory is at T if
 * that is earlier.
 */
export function carryLaunches(before: State, after: State): State {
  if (before.launches.length === 0) return after
  const [from, to] = [processOf(before.process), processOf(after.process)]
  const { veFlow } = dataOf(after.modes, to)
  const last = veTime(to, after.time)
  const same = before.process === after.process
  const launches = before.launches.map((launch): Launch => {
    if (same && launch.time <= after.time) return launch
    const ve = veTime(from, launch.time)
    const reached = Math.min(ve, last)
    const time = reached === last ? after.time : processTime(to, reached, after.time)
    return {
      time,
      x: to.alpha(time) * veFlow(ve, launch.x / from.alpha(launch.time), veTime(to, time)),
    }
  })
  return { ...after, launches }
}
