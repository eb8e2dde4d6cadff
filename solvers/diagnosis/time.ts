import { rungeKutta } from '../../src/characteristics/index.ts'
import { ownPoints, processTime, vePoints, veTime } from '../../src/problem/process.ts'
import type { CauseName, Family, MakeFamilies } from './cause.ts'
import type { Observed } from './observed.ts'

const SCALES = Array.from({ length: 21 }, (_, i) => 2 ** (i - 10))
const SHIFTS = Array.from({ length: 13 }, (_, i) => 2 ** ((i - 6) / 2))
// a fit needs no more digits of f
const RTOL = 1e-5

/** A wrong scale of time: the network is f, but is told c t in place of t. */
export const timeScaleFamilies: MakeFamilies = (observed) =>
  warped(observed, 'time-scale', SCALES, (t, c) => c * t)

/**
 * A schedule that is shifted once more than it should be: told s u/(1 + (s − 1) u) in place of u = t/T (Esser et al. 2024, arXiv:2403.03206,
 * equation 23), which is right at both ends.
 */
export const shiftedFamilies: MakeFamilies = (observed) =>
  warped(observed, 'shifted-twice', SHIFTS, (t, s) => {
    const u = t / observed.time
    return (observed.time * s * u) / (1 + (s - 1) * u)
  })

/** The true map at another time, its points left where they are. */
function warped(
  observed: Observed,
  cause: CauseName,
  ladder: readonly number[],
  warp: (t: number, parameter: number) => number,
): Family[] | string {
  const { problem, times, positions, time } = observed
  const { process, density } = problem
  if (density.atomic) return 'point masses have no flow to t = 0'
  const largest = process.maximumTime
  return [
    {
      ...{ cause, variant: '', ladder, whole: false, falls: false, smears: false },
      async predict(parameter) {
        const flow = await rungeKutta({ rtol: RTOL }).solveVe(density, {
          time: times[times.length - 1],
          seed: 0,
        })
        const values: Float64Array[] = []
        for (const [k, tau] of times.entries()) {
          const t = processTime(process, tau, time)
          const other = warp(t, parameter)
          if (!(other > 0 && other <= largest)) return null
          const x = vePoints(process, other, ownPoints(process, t, positions[k]))
          const value = flow.evaluate(veTime(process, other), x)
          if (!value.every(Number.isFinite)) return null
          values.push(value)
        }
        return { values }
      },
    },
  ]
}
