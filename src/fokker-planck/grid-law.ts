import { ComputationError, InputError } from '../errors.ts'
import type { Density } from '../problem/density.ts'
import type { Law, LawRun } from '../problem/law.ts'
import type { NonlinearDrift, Process } from '../problem/process.ts'
import { differenceAlongTrajectories } from './along-trajectories.ts'
import { densityGrid, massOf } from './density-grid.ts'
import { finiteVolumes, largestDifference } from './finite-volume/index.ts'
import { LogDensity } from './log-density.ts'
import { LogSpline } from './log-spline.ts'
import { march } from './march.ts'
import { TimeSpline } from './time-spline.ts'

// of a step: the error of the extrapolated solution is far below
const TOLERANCE = [3e-7, 2e-5]
// mass that may be lost or won
const LOST = [1e-5, 1e-3]
// how well probabilities on the line are known by finite volumes, and by how much those of the grid may differ from them
const ACCURACY = 1e-6
const DIFFERENCE = 1e-5
// differences of log p from those along trajectories that are said, in the plane
const SAID = 1e-4
const LONGEST_STEP = [0.015, 0.03]

/**
 * p_t of a process whose drift is not linear, in one or two dimensions, by the Fokker–Planck equation on a grid
 * (docs/mathematics.md §1.6): log p_t as a quintic spline in x and a cubic one in t.
 *
 * @throws InputError (from `prepare` too) for data without a smooth density on the line or in the plane
 */
export function gridLaw(process: Process & { readonly nonlinear: NonlinearDrift }, density: Density): Law {
  const { dimension } = density
  const distribution = finiteVolumes(process, density)
  let known: Known | null = null

  function refuse(): void {
    if (dimension > 2)
      throw new InputError(
        'the data',
        `${density.kind} data in ${dimension} dimensions`,
        'one or two dimensions, or a score as a formula, where the drift is not linear',
      )
    if (!density.logDensity || !density.sample || density.atomic)
      throw new InputError(
        'the data',
        `${density.kind} data without a density`,
        'data with a density, or a score as a formula, where the drift is not linear',
      )
  }

  function* compute(time: number): Generator<number, Known> {
    refuse()
    const { grid, outer, start, rate } = densityGrid(process, density, time)
    const spline = new LogSpline(grid, outer)
    const times: number[] = []
    const coefficients: Float64Array[] = []
    const { drift, nonlinear } = process
    const breaks = process.breaks?.(time) ?? []
    const steps = march(
      {
        grid,
        outer,
        field: { drift, divergence: nonlinear.divergence, separable: nonlinear.dimension === null },
        noise: nonlinear.noise,
        tolerance: nonlinear.grid.tolerance ?? TOLERANCE[dimension - 1],
        rate,
        longestStep: LONGEST_STEP[dimension - 1],
        end: time,
        breaks,
      },
      start,
    )
    let mass = 1
    for (const { time: at, logs } of steps) {
      mass = massOf(grid, logs)
      const c = new Float64Array(spline.size)
      spline.fit(logs, c)
      times.push(at)
      coefficients.push(c)
      yield at / time
    }
    if (!(Math.abs(mass - 1) < LOST[dimension - 1]))
      throw new ComputationError(
        `At t = ${time} the density on the grid adds up to ${mass.toPrecision(6)} in place of 1; try more grid.nodes, a larger grid.box or a smaller grid.tolerance. A drift with corners or jumps needs more nodes than a smooth one.`,
      )
    const log = new LogDensity(spline, new TimeSpline(times, coefficients, breaks))
    return dimension === 1
      ? { time, log, difference: checked(log, time), along: null }
      : { time, log, difference: null, along: differenceAlongTrajectories(process, density, log, times) }
  }

  /** By how much probabilities differ from those by finite volumes; null where these are not known well enough to say. */
  function checked(log: LogDensity, time: number): number | null {
    const second = distribution(time, ACCURACY)
    if (!second || second.error > DIFFERENCE) return null
    const difference = largestDifference((t, x, out) => log.value(t, x, out), time, second)
    if (!(difference <= DIFFERENCE + second.error))
      throw new ComputationError(
        `At t = ${time} probabilities on the grid for p_t differ by up to ${difference.toPrecision(2)} from those by finite volumes; try more grid.nodes or a smaller grid.tolerance. A drift with corners or jumps needs more nodes than a smooth one.`,
      )
    return difference
  }

  function reach(time: number): Known {
    if (known && known.time >= time) return known
    const steps = compute(time)
    let next = steps.next()
    while (!next.done) next = steps.next()
    known = next.value
    return known
  }

  return {
    dimension,
    async prepare(time: number, run: LawRun = {}) {
      if (known && known.time >= time) return
      const steps = compute(time)
      let heard = performance.now()
      for (let next = steps.next(); ; next = steps.next()) {
        if (next.done) {
          known = next.value
          return
        }
        if (performance.now() - heard < 100) continue
        await new Promise((resolve) => setTimeout(resolve))
        run.signal?.throwIfAborted()
        run.onProgress?.({ done: Math.round(1000 * next.value), total: 1000, label: 'density' })
        heard = performance.now()
      }
    },
    score(t, x, out) {
      const { log } = reach(t)
      log.score(t, x, out)
    },
    logDensity(t, x, out) {
      const { log } = reach(t)
      log.value(t, x, out)
    },
    get box() {
      return known?.log.box
    },
    get diagnostics() {
      return known && { ...known.log.diagnostics, difference: known.difference, along: known.along }
    },
    get warnings() {
      const along = known?.along ?? 0
      return along <= SAID
        ? []
        : [
            `log p_t on its grid differs by up to ${along.toPrecision(2)} from log p along trajectories of the probability-flow ODE (images are closer as a rule); try more grid.nodes or a smaller grid.tolerance.`,
          ]
    },
    ...(dimension === 1 && { distribution }),
  }
}

interface Known {
  readonly time: number
  readonly log: LogDensity
  /** Of probabilities at that time by two methods. */
  readonly difference: number | null
  /** Of log p from what trajectories say of it, in the plane. */
  readonly along: number | null
}
