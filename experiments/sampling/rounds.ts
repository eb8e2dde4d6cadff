import { componentsOf } from '../../solvers/fixed-points/gaussian-components.ts'
import { ctFixedPoint } from '../../solvers/fixed-points/index.ts'
import { modelMethod, trainModel } from '../../solvers/neural/index.ts'
import { consistencySampler } from '../../solvers/sampling/index.ts'
import type { Method, VeMap } from '../../src/consistency-function.ts'
import { createProblem } from '../../src/create/create-problem.ts'
import { exact, exactMap } from '../../src/exact/exact.ts'
import { normalQuantileOfLog } from '../../src/exact/normal.ts'
import { slicedWasserstein } from '../../src/metrics/wasserstein.ts'
import type { Density } from '../../src/problem/density.ts'
import { Random } from '../../src/random/random.ts'
import { line, type SamplingSettings } from './settings.ts'

/** K rounds of consistency sampling with one f. */
interface RoundsRow {
  readonly f: string
  readonly rounds: number
  /** W₂ to the data. */
  readonly wasserstein2: number
  /** √(E|x̂ − f(T, x)|² / Var), relative RMS distance to the true map. */
  readonly mapError: number
  /** The share of x̂ in the minor mode. */
  readonly minorMass: number
}

/** The own error of an f at one time, over p_t. */
interface ErrorByTime {
  readonly f: string
  readonly time: number
  readonly relativeError: number
}

export interface Rounds {
  readonly rows: readonly RoundsRow[]
  readonly byTime: readonly ErrorByTime[]
  readonly minorMass: number
  /** W₂ of independent samples of the data of the same size, their mean. */
  readonly floor: number
}

const SEPARATION = 0.4
const FLOORS = 5
const TIMES = 12

/** The functions: the true one, two that consistency training converges to, and a small trained network. */
async function functions(settings: SamplingSettings, seed: number): Promise<Record<string, Method>> {
  const problem = createProblem(line.problem)
  const { model } = await trainModel(problem, {
    ...{ loss: 'ct', intervals: 16, width: 32, layers: 3, time: line.time, seed, monitor: false },
    steps: settings.training,
  })
  return {
    'exact f': exact(),
    'CT fixed point, N = 16': ctFixedPoint({ intervals: 16 }),
    'CT fixed point with the norm, N = 16': ctFixedPoint({ intervals: 16, metric: 'l1' }),
    'small network': modelMethod(model),
  }
}

/** What K rounds of re-noising do to the law and to the map of a right and of wrong consistency functions. */
export async function consistencyRounds(settings: SamplingSettings, seed: number): Promise<Rounds> {
  const { density } = createProblem(line.problem)
  const { time } = line
  const n = settings.linePoints
  const truth = exactMap(density)
  if (!truth) throw new Error('a problem without an exact map')
  const { trace, scale } = density.moments
  const start = stratified(density, time, n)
  const data = stratified(density, 0, n)
  const target = truth(time, start)
  const rms = (a: Float64Array, b: Float64Array) =>
    Math.sqrt(a.reduce((sum, value, i) => sum + (value - b[i]) ** 2, 0) / a.length / trace)
  const rows: RoundsRow[] = []
  const byTime: ErrorByTime[] = []
  for (const [f, method] of Object.entries(await functions(settings, seed))) {
    for (const rounds of settings.rounds) {
      await new Promise((resolve) => setTimeout(resolve))
      const map: VeMap = await consistencySampler(method, { steps: rounds }).solveVe(density, { time, seed })
      const found = map.evaluate(time, start)
      rows.push({
        ...{ f, rounds, mapError: rms(found, target), wasserstein2: slicedWasserstein(found, data, 1) },
        minorMass: found.reduce((count, value) => count + Number(value > SEPARATION), 0) / n,
      })
    }
    const map = await method.solveVe(density, { time, seed })
    for (let k = 1; k <= TIMES; k++) {
      const t = scale * Math.tan((Math.atan2(time, scale) * k) / TIMES)
      const x = stratified(density, t, Math.min(n, 4000))
      byTime.push({ f, time: t, relativeError: rms(map.evaluate(t, x), truth(t, x)) })
    }
  }
  const random = Random.stream(seed, 'samples of the data on the line')
  let floor = 0
  for (let k = 0; k < FLOORS; k++)
    floor += slicedWasserstein(density.sample?.(n, random) ?? data, data, 1) / FLOORS
  return { rows, byTime, floor, minorMass: data.reduce((sum, x) => sum + Number(x > SEPARATION), 0) / n }
}

/** n points that stand for p_t on the line: the quantiles of every component, as many as its weight says. */
export function stratified(density: Density, t: number, n: number): Float64Array {
  const { weights, means, covariances } = componentsOf(density)
  const out = new Float64Array(n)
  let [at, sum] = [0, 0]
  for (let k = 0; k < weights.length; k++) {
    sum += weights[k]
    const end = k + 1 === weights.length ? n : Math.round(sum * n)
    const [count, first] = [end - at, at]
    for (; at < end; at++) {
      const u = (at - first + 0.5) / count
      const z = u < 0.5 ? normalQuantileOfLog(Math.log(u)) : -normalQuantileOfLog(Math.log(1 - u))
      out[at] = means[k] + Math.sqrt(covariances[k].values[0] + t * t) * z
    }
  }
  return out
}
