import { ctFixedPoint } from '../../solvers/fixed-points/index.ts'
import { modelMap, type TrainModelOptions, trainModel } from '../../solvers/neural/index.ts'
import { rungeKutta } from '../../src/characteristics/index.ts'
import type { VeMap } from '../../src/consistency-function.ts'
import { createProblem } from '../../src/create/create-problem.ts'
import { carriedSample } from '../../src/metrics/carried-sample.ts'
import { errorStatistics } from '../../src/metrics/error-statistics.ts'
import type { Problem } from '../../src/problem/problem.ts'
import { ownPoints, processTime, vePoints, veTime } from '../../src/problem/process.ts'
import { Random } from '../../src/random/random.ts'
import type { ProblemSpec } from '../../src/specification/problem.ts'

// the size of the fit errors that are added, relative to the fault
const FIT = 0.1

/** A map in which a fault was planted, or none. */
export interface Planted {
  readonly problem: Problem
  readonly time: number
  readonly map: Pick<VeMap, 'evaluate'>
  /** N, or the factor of time. */
  readonly parameter: number | null
  /** What it is, in a few words. */
  readonly made: string
}

/** Mixtures on the line and in the plane, of four processes. */
export function problemOf(random: Random, number: number): { problem: Problem; time: number } {
  const d = 1 + (number % 2)
  const deviation = 0.3 + 0.3 * random.uniform()
  const count = 2 + Math.floor(2 * random.uniform())
  const turn = random.uniform()
  const means = Array.from({ length: count }, (_, k) => {
    const angle = 2 * Math.PI * (turn + k / count)
    const radius = 1.2 + 0.8 * random.uniform()
    return d === 1
      ? [2.2 * (k - (count - 1) / 2) + 0.5 * random.uniform()]
      : [radius * Math.cos(angle), radius * Math.sin(angle)]
  })
  const raw = means.map(() => 0.3 + random.uniform())
  const sum = raw.reduce((a, b) => a + b, 0)
  const data: ProblemSpec['data'] = {
    ...{ kind: 'mixture', weights: raw.map((weight) => weight / sum), means },
    stds: means.map(() => deviation),
  }
  const [process, time] = (
    [
      [{ kind: 've' }, 5 + 15 * random.uniform()],
      [{ kind: 'flowMatching' }, 0.98],
      [{ kind: 've' }, 40],
      [{ kind: 'vp' }, 1],
    ] as const
  )[Math.floor(number / 2) % 4]
  return { problem: createProblem({ process, data }), time }
}

export async function trained(
  random: Random,
  number: number,
  made: string,
  options: Partial<TrainModelOptions> & Pick<TrainModelOptions, 'loss'>,
): Promise<Planted> {
  const { problem, time } = problemOf(random, number)
  const { model } = await trainModel(problem, {
    ...{ time, seed: number, backend: 'simd', batch: 128, width: 32, layers: 3 },
    ...options,
  })
  return { problem, time, map: await modelMap(model), parameter: options.intervals ?? null, made }
}

/** A smooth function of θ and y that vanishes at t = 0, of about unit size: what a fit leaves. */
function smooth({ density }: Problem, random: Random) {
  const d = density.dimension
  const units = 12
  const a = Float64Array.from({ length: units * d }, () => 1.5 * random.normal())
  const b = Float64Array.from({ length: units * 2 }, () => 2 * random.normal())
  const out = Float64Array.from({ length: units * d }, () => random.normal() * Math.sqrt(2 / units))
  const { scale, mean } = density.moments
  return (t: number, x: Float64Array) => {
    const theta = Math.atan2(t, scale)
    const r = Math.hypot(t, scale)
    const value = new Float64Array(x.length)
    for (let row = 0; row < x.length; row += d)
      for (let u = 0; u < units; u++) {
        let z = b[2 * u] + b[2 * u + 1] * theta
        for (let i = 0; i < d; i++) z += (a[u * d + i] * (x[row + i] - mean[i])) / r
        for (let i = 0; i < d; i++)
          value[row + i] += scale * Math.sin(theta) ** 2 * out[u * d + i] * Math.tanh(z)
      }
    return value
  }
}

/** A faulty map with an error of a fit on top, of a tenth of its own error. */
export function besides(
  problem: Problem,
  random: Random,
  map: Pick<VeMap, 'evaluate'>,
  time: number,
  size = FIT * errorOf(problem, map, time),
): Pick<VeMap, 'evaluate'> {
  const error = smooth(problem, random)
  return {
    evaluate(t, x) {
      const off = error(t, x)
      return map.evaluate(t, x).map((value, i) => value + size * off[i])
    },
  }
}

/** The error of a map relative to the data scale, at the worst of three times. */
function errorOf({ density, process }: Problem, map: Pick<VeMap, 'evaluate'>, time: number): number {
  const options = { time: veTime(process, time), count: 200, intervals: 3, random: Random.stream(0, 'size') }
  const { times, positions, x0, weights } = carriedSample(density, options)
  const { trace } = density.moments
  return Math.max(
    ...[1, 2, 3].map(
      (k) => errorStatistics(x0, map.evaluate(times[k], positions[k]), weights, trace).relativeError,
    ),
  )
}

export async function truthOf({ density }: Problem, time: number): Promise<Pick<VeMap, 'evaluate'>> {
  return rungeKutta({ rtol: 1e-8 }).solveVe(density, { time, seed: 0 })
}

/** What consistency training converges to: on the line its fixed point with a fit error, in the plane a network that was trained so. */
export async function coupled(
  random: Random,
  number: number,
  steps: number,
  options: { intervals: number; metric: 'l2' | 'l1' | 'pseudo-huber' },
): Promise<Planted> {
  const { intervals, metric } = options
  // one in six in the plane
  if (number % 6 === 5)
    return trained(random, 2 * number + 1, `ct with ${metric}, N = ${intervals}`, {
      loss: 'ct',
      ...options,
      steps,
    })
  const { problem, time } = problemOf(random, 2 * number)
  const nodes = metric === 'l2' ? 4001 : 401
  const map = await ctFixedPoint({ ...options, nodes }).solveVe(problem.density, {
    time: veTime(problem.process, time),
    seed: 0,
  })
  return {
    problem,
    time,
    map: besides(problem, random, map, time),
    parameter: intervals,
    made: `fixed point of ct with ${metric}, N = ${intervals}`,
  }
}

/** The true map at another time of the process. */
export async function warped(
  random: Random,
  number: number,
  made: string,
  parameter: number,
  warp: (t: number, time: number) => number,
): Promise<Planted> {
  const { problem, time } = problemOf(random, number)
  const { process } = problem
  const f = await truthOf(problem, veTime(process, time))
  const map = besides(
    problem,
    random,
    {
      evaluate(tau, x) {
        const t = processTime(process, tau, time)
        const other = warp(t, time)
        return f.evaluate(veTime(process, other), vePoints(process, other, ownPoints(process, t, x)))
      },
    },
    time,
  )
  return { problem, time, map, parameter, made }
}
