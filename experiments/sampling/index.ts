import {
  type SamplerName,
  type ScheduleName,
  sampler,
  samplerNames,
  samplingSchemes,
  scheduleNames,
} from '../../solvers/sampling/index.ts'
import { rungeKutta } from '../../src/characteristics/index.ts'
import type { Method } from '../../src/consistency-function.ts'
import { createProblem } from '../../src/create/create-problem.ts'
import { errorStatistics } from '../../src/metrics/error-statistics.ts'
import { slicedWasserstein } from '../../src/metrics/wasserstein.ts'
import { points, rowMajor } from '../../src/points/points.ts'
import { denoiser, sampleNoised } from '../../src/problem/evaluate.ts'
import { Random } from '../../src/random/random.ts'
import { solve } from '../../src/solve.ts'
import type { ProblemRecord } from '../../src/specification/problem.ts'
import { drawTruth } from '../../src/studies/measure.ts'
import { version } from '../../src/version.ts'
import type { ExperimentRun } from '../experiment.ts'
import { consistencyRounds, type Rounds } from './rounds.ts'
import { plane, type SamplingSettings, smooth } from './settings.ts'

/** One sampler with K steps. */
export interface SamplerRow {
  readonly sampler: SamplerName
  readonly schedule: ScheduleName
  readonly steps: number
  /** Of the score, for one point. */
  readonly evaluations: number
  /** Relative RMS error of the map at T; null for a sampler with noise. */
  readonly mapError: number | null
  readonly standardError: number | null
  /** Sliced W₂ of its sample to one of the data. */
  readonly wasserstein2: number
}

interface OrderRow {
  readonly sampler: SamplerName
  readonly schedule: ScheduleName
  readonly expected: number
  readonly observed: number
}

/** What `sampling` writes to results.json. */
export interface SamplingResults {
  readonly seed: number
  readonly version: string
  readonly problem: ProblemRecord
  readonly time: number
  readonly samples: number
  readonly rows: readonly SamplerRow[]
  /** Every deterministic sampler on every schedule, with one number of steps. */
  readonly bySchedule: readonly SamplerRow[]
  /** W₂ of two samples of the data, their mean. */
  readonly floor: number
  readonly orders: readonly OrderRow[]
  readonly consistency: Rounds
}

type SamplingRun = Omit<ExperimentRun<SamplingSettings>, 'threads'>

const FLOORS = 4
const SCHEDULE_STEPS = 16
const ORDER_POINTS = 41

/**
 * How many steps are enough? The K-step samplers that consistency functions replace: error of the map and W₂ of the law against
 * evaluations, orders, schedules; and K rounds of consistency sampling with a right and with wrong consistency functions.
 */
export async function sampling({
  seed,
  settings,
  onProgress,
  signal,
}: SamplingRun): Promise<SamplingResults> {
  const total = settings.steps.length + 2
  let done = 0
  const turn = async (label: string) => {
    signal?.throwIfAborted()
    onProgress?.({ done: done++, total, label })
    await new Promise((resolve) => setTimeout(resolve))
  }
  const measure = measurement(settings, seed)
  const rows: SamplerRow[] = []
  for (const steps of settings.steps) {
    await turn(`${steps} steps`)
    for (const name of samplerNames) rows.push(await measure.row(name, 'karras', steps))
  }
  await turn('schedules and orders')
  const bySchedule: SamplerRow[] = []
  const orders: OrderRow[] = []
  for (const name of samplerNames) {
    const expected = samplingSchemes[name].order
    if (expected === null) continue
    for (const schedule of scheduleNames) {
      bySchedule.push(await measure.row(name, schedule, SCHEDULE_STEPS))
      // equal steps in t do not resolve the end of the descent before thousands of them
      if (schedule !== 'linear')
        orders.push({ sampler: name, schedule, expected, observed: await order(name, schedule, settings) })
    }
  }
  await turn('consistency sampling')
  const consistency = await consistencyRounds(settings, seed)
  return {
    ...{
      seed,
      version,
      problem: createProblem(plane.problem).specification,
      time: plane.time,
      samples: settings.samples,
    },
    ...{ rows, bySchedule, floor: measure.floor, orders, consistency },
  }
}

/** Error and W₂ of samplers on the plane, all on the same points. */
function measurement(settings: SamplingSettings, seed: number) {
  const problem = createProblem(plane.problem)
  const { time } = plane
  const { samples } = settings
  const truth = drawTruth(problem, time, settings.trajectories, seed)
  const draw = (t: number, label: string) => sampleNoised(problem, t, samples, Random.stream(seed, label))
  const data = rowMajor(draw(0, 'the data'))
  const start = draw(time, 'where sampling starts')
  const distance = (X: Float64Array) => slicedWasserstein(X, data, problem.dimension)
  const floors = Array.from({ length: FLOORS }, (_, k) => distance(rowMajor(draw(0, `data, sample ${k}`))))
  return {
    floor: floors.reduce((a, b) => a + b, 0) / FLOORS,
    async row(name: SamplerName, schedule: ScheduleName, steps: number): Promise<SamplerRow> {
      const method: Method = sampler({ solver: name, schedule, steps })
      const f = await solve(problem, method, { time, seed })
      const X = f.evaluate(time, start)
      const evaluations = f.info.functionEvaluations / samples
      const error =
        method.target === 'map'
          ? errorStatistics(
              truth.f,
              f.ve.evaluate(truth.time, truth.x),
              truth.weights,
              problem.density.moments.trace,
            )
          : null
      return {
        ...{ sampler: name, schedule, steps, evaluations },
        mapError: error?.relativeError ?? null,
        standardError: error?.standardError ?? null,
        wasserstein2: distance(rowMajor(X)),
      }
    },
  }
}

/** The observed order on the smooth problem, against the flow to σ_min and the step from there to 0. */
async function order(name: SamplerName, schedule: ScheduleName, settings: SamplingSettings): Promise<number> {
  const problem = createProblem(smooth.problem)
  const { time, sigmaMin } = smooth
  const X = points(
    Float64Array.from({ length: ORDER_POINTS }, (_, i) => i - ORDER_POINTS / 2 + 0.6),
    1,
  )
  const f = await solve(problem, rungeKutta({ rtol: 1e-12, atol: 1e-13 }), { time })
  if (!f.flow) throw new Error('characteristics without a two-time map')
  const truth = rowMajor(denoiser(problem, sigmaMin, f.flow.evaluate(time, sigmaMin, X)))
  const errors: number[] = []
  for (const steps of settings.orderSteps) {
    const g = await solve(problem, sampler({ solver: name, schedule, steps, sigmaMin }), { time })
    const values = rowMajor(g.evaluate(time, X))
    errors.push(Math.hypot(...values.map((value, i) => value - truth[i])))
  }
  const [few, many] = settings.orderSteps
  return Math.log(errors[0] / errors[1]) / Math.log(many / few)
}
