import { parseArgs } from 'node:util'
import { type CauseName, diagnoseAlong, thinned } from '../solvers/diagnosis/index.ts'
import { cdFixedPoint, ctFixedPoint } from '../solvers/fixed-points/index.ts'
import { modelMap, type TrainModelOptions, trainModel } from '../solvers/neural/index.ts'
import { sampler } from '../solvers/sampling/index.ts'
import { rungeKutta } from '../src/characteristics/index.ts'
import type { VeMap } from '../src/consistency-function.ts'
import { createProblem } from '../src/create/create-problem.ts'
import { checkInteger } from '../src/errors.ts'
import { carriedSample } from '../src/metrics/carried-sample.ts'
import { errorStatistics } from '../src/metrics/error-statistics.ts'
import type { Problem } from '../src/problem/problem.ts'
import { ownData, ownPoints, processTime, veData, vePoints, veTime } from '../src/problem/process.ts'
import { Random } from '../src/random/random.ts'
import type { ProblemSpec } from '../src/specification.ts'
import { version } from '../src/version.ts'

const SAMPLES = 1024
const INTERVALS = 32
// the size of the fit errors that are added, relative to the fault
const FIT = 0.1

/** How many networks of each fault in 60 that have one. */
const SHARES = {
  identity: 2,
  collapse: 2,
  float16: 6,
  'shifted-twice': 6,
  'time-scale': 8,
  steps: 16,
  viscosity: 12,
  median: 8,
} as const satisfies Record<CauseName, number>
const FAULTY = 60

/** A map in which a fault was planted, or none. */
interface Planted {
  readonly problem: Problem
  readonly time: number
  readonly map: Pick<VeMap, 'evaluate'>
  /** N, or the factor of time. */
  readonly parameter: number | null
  /** What it is, in a few words. */
  readonly made: string
}

/**
 * Plants a known fault in each of 60 small maps, and none in 20 trained networks, and counts how many `diagnose` names rightly. The faults of losses are
 * planted by training with those losses; the others are exact faulty maps with a smooth error of the size of a fit on top.
 */
export async function diagnoses(args: string[]): Promise<object> {
  const { values } = parseArgs({
    args,
    options: {
      faulty: { type: 'string', default: String(FAULTY) },
      healthy: { type: 'string', default: '20' },
      steps: { type: 'string', default: '1500' },
      seed: { type: 'string', default: '0' },
    },
  })
  return tryDiagnoses(
    {
      faulty: checkInteger('faulty', Number(values.faulty), 0, 10_000),
      healthy: checkInteger('healthy', Number(values.healthy), 0, 10_000),
      steps: checkInteger('steps', Number(values.steps), 1),
      seed: checkInteger('seed', Number(values.seed), 0),
    },
    (found) => console.error(JSON.stringify(found)),
  )
}

export async function tryDiagnoses(
  run: { faulty: number; healthy: number; steps: number; seed: number },
  onDone: (found: object) => void = () => {},
) {
  const { faulty, healthy, steps, seed } = run
  const tried: object[] = []
  let [right, accused, total] = [0, 0, 0]
  const one = async (kind: CauseName | 'healthy', number: number) => {
    const random = Random.stream(seed, `${kind} ${number}`)
    const { problem, time, map, parameter, made } = await makers[kind](random, number, steps)
    const ve = veTime(problem.process, time)
    const drawn = carriedSample(problem.density, {
      ...{ time: ve, count: SAMPLES, intervals: INTERVALS, graded: true, random },
    })
    const { sample } = thinned(drawn, problem.density)
    const start = process.cpuUsage().user
    const valuesAt = (k: number) => map.evaluate(sample.times[k], sample.positions[k])
    const found = await diagnoseAlong({ problem, time, sample, first: 1, valuesAt })
    const seconds = (process.cpuUsage().user - start) / 1e6
    const wrong = found.cause !== (kind === 'healthy' ? null : kind)
    const nearest = found.fits.slice(0, 2)
    tried.push({
      planted: kind,
      number,
      made,
      parameter,
      found: found.cause,
      wrong,
      nearest,
      error: found.error,
      seconds,
    })
    onDone(tried[tried.length - 1])
    return wrong
  }
  for (const kind of Object.keys(SHARES) as CauseName[])
    for (let number = 0; number < Math.round((SHARES[kind] * faulty) / FAULTY); number++) {
      total++
      if (!(await one(kind, number))) right++
    }
  for (let number = 0; number < healthy; number++) if (await one('healthy', number)) accused++
  return {
    ok: accused === 0 && right >= 0.9 * total,
    ...{ faulty: total, right, healthy, accused, steps, seed, version },
    networks: tried,
  }
}

/** Mixtures on the line and in the plane, of four processes. */
function problemOf(random: Random, number: number): { problem: Problem; time: number } {
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

async function trained(
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
function besides(
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

async function truthOf({ density }: Problem, time: number): Promise<Pick<VeMap, 'evaluate'>> {
  return rungeKutta({ rtol: 1e-8 }).solveVe(density, { time, seed: 0 })
}

/** What consistency training converges to: on the line its fixed point with a fit error, in the plane a network that was trained so. */
async function coupled(
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

type Maker = (random: Random, number: number, steps: number) => Promise<Planted>

/** The true map at another time of the process. */
async function warped(
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

const makers: { readonly [K in CauseName | 'healthy']: Maker } = {
  async steps(random, number, steps) {
    const intervals = [4, 6, 8, 12, 16, 3, 2, 10][number % 8]
    if (number % 8 === 7)
      return trained(random, number, `cd, Euler steps, N = ${intervals}`, {
        loss: 'cd',
        solver: 'euler',
        intervals,
        steps,
      })
    const { problem, time } = problemOf(random, number)
    const solver = number % 3 === 1 ? 'heun' : 'euler'
    const last = veTime(problem.process, time)
    if (number % 4 === 1) {
      const map = await cdFixedPoint({ intervals, solver }).solveVe(problem.density, { time: last, seed: 0 })
      return {
        problem,
        time,
        map: besides(problem, random, map, time),
        parameter: intervals,
        made: `fixed point of cd, ${solver}, N = ${intervals}`,
      }
    }
    const schedule = problem.process.kind === 've' ? 'karras' : 'cosine'
    const map = await sampler({ solver, steps: intervals, schedule }).solveVe(problem.density, {
      time: last,
      seed: 0,
    })
    return {
      problem,
      time,
      map: besides(problem, random, map, time),
      parameter: intervals,
      made: `${solver} sampler, ${schedule}, ${intervals} steps`,
    }
  },
  async viscosity(random, number, steps) {
    const intervals = [8, 12, 16, 24][Math.floor(number / 2) % 4]
    return coupled(random, number, steps, { intervals, metric: 'l2' })
  },
  async median(random, number, steps) {
    return coupled(random, number, steps, { intervals: 32, metric: number % 4 < 2 ? 'l1' : 'pseudo-huber' })
  },
  async 'time-scale'(random, number) {
    const factor = [0.5, 0.25, 0.8, 0.1, 2, 1.3, 0.6, 4][number % 8]
    const { problem } = problemOf(random, number)
    // beyond the end of a process there is no map
    const own = problem.process.maximumTime < Infinity ? Math.min(factor, 1 / factor) : factor
    return warped(Random.stream(1, `time-scale ${number}`), number, `f(${own} t, x)`, own, (t) => own * t)
  },
  async 'shifted-twice'(random, number) {
    const shift = [3, 2, 1.5, 0.5, 4, 1 / 3][number % 6]
    return warped(random, number, `shifted by ${shift}`, shift, (t, time) => {
      const u = t / time
      return (time * shift * u) / (1 + (shift - 1) * u)
    })
  },
  async float16(random, number) {
    const { problem, time } = problemOf(random, number)
    const f = await truthOf(problem, veTime(problem.process, time))
    const digits = number % 2 === 0 ? 11 : 8
    const round = (value: number) => {
      const unit = 2 ** (Math.floor(Math.log2(Math.abs(value) || 1)) - digits + 1)
      return Math.round(value / unit) * unit
    }
    const map = besides(problem, random, f, time, digits === 11 ? 2e-5 : 2e-4)
    const evaluate: VeMap['evaluate'] = (t, x) =>
      veData(problem.process, ownData(problem.process, map.evaluate(t, x)).map(round))
    return { problem, time, map: { evaluate }, parameter: digits, made: `values of ${digits} digits` }
  },
  async identity(random, number) {
    const { problem, time } = problemOf(random, number)
    const { process } = problem
    const map = besides(
      problem,
      random,
      {
        evaluate: (tau, x) => veData(process, ownPoints(process, processTime(process, tau, time), x)),
      },
      time,
    )
    return { problem, time, map, parameter: null, made: 'x' }
  },
  async collapse(random, number) {
    const { problem, time } = problemOf(random, number)
    const { mean } = problem.density.moments
    const map = besides(
      problem,
      random,
      {
        evaluate: (_, x) => x.map((__, i) => mean[i % mean.length]),
      },
      time,
    )
    return { problem, time, map, parameter: null, made: 'the mean' }
  },
  /** Trainings of several lengths whose losses converge to f itself. */
  async healthy(random, number, steps) {
    const own = Math.round(steps * [0.1, 0.3, 1, 0.5][number % 4])
    const options =
      number % 3 === 0
        ? ({ loss: 'cd', solver: 'exact', intervals: 64 } as const)
        : ({ loss: 'pinn' } as const)
    return trained(random, number, `${options.loss}, ${own} steps`, { ...options, steps: own })
  },
}
