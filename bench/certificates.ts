import { parseArgs } from 'node:util'
import { lossNames, modelMap, trainModel } from '../solvers/neural/index.ts'
import { certificate } from '../src/certificate/certificate.ts'
import type { VeMap } from '../src/consistency-function.ts'
import { createProblem } from '../src/create/create-problem.ts'
import { checkInteger, InputError } from '../src/errors.ts'
import { exactMap } from '../src/exact/exact.ts'
import { carriedSample } from '../src/metrics/carried-sample.ts'
import { errorStatistics } from '../src/metrics/error-statistics.ts'
import type { Density } from '../src/problem/density.ts'
import type { Problem } from '../src/problem/problem.ts'
import { Random } from '../src/random/random.ts'
import { version } from '../src/version.ts'

const SAMPLES = 512
const INTERVALS = 64
/** Of every kind the share in the whole. */
const KINDS = { trained: 0.2, step: 0.35, fourier: 0.25, dual: 0.2 } as const
type Kind = keyof typeof KINDS

/** What became of one network. */
interface Tried {
  readonly kind: Kind
  readonly number: number
  readonly error: number | null
  readonly estimate: number | null
  readonly bound: boolean
  readonly reason: string | null
  /** That its tangents contradict its values, where it is refused for that. */
  readonly refused: string | null
  /** A bound below the error on its own sample, or a wrong dual that was taken for one. */
  readonly wrong: boolean
  /** Evaluations of f or its tangent at one time of all trajectories. */
  readonly evaluations: number
}

interface Network {
  readonly map: VeMap
  readonly problem: Problem
  readonly time: number
}

/**
 * Tries to fool the certificate: small trained networks, networks that step from one map to another at some time and over some width,
 * Fourier features of scale 1 to 32, and derivatives that are not those of the values. None may have a bound below its error.
 */
export async function certificates(args: string[]): Promise<object> {
  const { values } = parseArgs({
    args,
    options: { networks: { type: 'string', default: '200' }, seed: { type: 'string', default: '0' } },
  })
  const count = checkInteger('networks', Number(values.networks), 4, 10_000)
  const seed = checkInteger('seed', Number(values.seed), 0)
  return tryNetworks(count, seed)
}

export async function tryNetworks(count: number, seed: number) {
  const tried: Tried[] = []
  for (const kind of Object.keys(KINDS) as Kind[])
    for (let number = 0; number < Math.max(1, Math.round(KINDS[kind] * count)); number++)
      tried.push(tryOne(kind, number, await makers[kind](Random.stream(seed, `${kind} ${number}`), number)))
  const ofKind = (kind: Kind) => {
    const own = tried.filter((one) => one.kind === kind)
    const ratios = own.flatMap(({ bound, estimate, error }) =>
      bound && estimate !== null && error ? [estimate / error] : [],
    )
    return {
      networks: own.length,
      bounds: own.filter(({ bound }) => bound).length,
      refused: own.filter(({ refused }) => refused !== null).length,
      medianRatio: median(ratios),
      medianEvaluations: median(own.map(({ evaluations }) => evaluations)),
    }
  }
  return {
    ok: tried.every(({ wrong }) => !wrong),
    wrong: tried.filter(({ wrong }) => wrong),
    kinds: Object.fromEntries((Object.keys(KINDS) as Kind[]).map((kind) => [kind, ofKind(kind)])),
    ...{ samples: SAMPLES, seed, version },
    networks: tried,
  }
}

function tryOne(kind: Kind, number: number, { map, problem, time }: Network): Tried {
  const { density } = problem
  const random = Random.stream(number, kind)
  const sample = carriedSample(density, { time, count: SAMPLES, intervals: INTERVALS, graded: true, random })
  let evaluations = 0
  const count = (x: Float64Array) => {
    evaluations += x.length / sample.x0.length
  }
  const counted: VeMap = {
    functionEvaluations: 0,
    evaluate(t, x) {
      count(x)
      return map.evaluate(t, x)
    },
    jvp(t, x, dx) {
      count(x)
      return (map.jvp as NonNullable<VeMap['jvp']>)(t, x, dx)
    },
  }
  const nothing = { kind, number, error: null, estimate: null, bound: false, reason: null }
  try {
    const { estimate, bound, reason } = certificate(counted, density, sample)
    const { relativeError: error } = errorStatistics(
      sample.x0,
      map.evaluate(time, sample.positions.at(-1) as Float64Array),
      sample.weights,
      density.moments.trace,
    )
    const wrong = (bound && estimate < error) || estimate < error || (kind === 'dual' && bound)
    return { kind, number, error, estimate, bound, reason, refused: null, wrong, evaluations }
  } catch (problem) {
    if (!(problem instanceof InputError)) throw problem
    // only what is wrong may be refused
    return { ...nothing, refused: problem.message, wrong: kind !== 'dual', evaluations }
  }
}

function mixture(random: Random): Problem {
  const deviation = 0.3 + 0.4 * random.uniform()
  const place = () => [6 * random.uniform() - 3, 6 * random.uniform() - 3]
  const covariance = [
    [deviation ** 2, 0],
    [0, deviation ** 2],
  ]
  return createProblem({
    process: { kind: 've' },
    data: {
      kind: 'mixture',
      weights: [0.5, 0.3, 0.2],
      means: [place(), place(), place()],
      covariances: [covariance, covariance, covariance],
    },
  })
}

function gaussian(random: Random): Problem {
  const variance = (0.2 + 2 * random.uniform()) ** 2
  const covariance = [
    [variance, 0],
    [0, variance],
  ]
  return createProblem({ process: { kind: 've' }, data: { kind: 'gaussian', mean: [0, 0], covariance } })
}

const makers: Readonly<Record<Kind, (random: Random, number: number) => Promise<Network>>> = {
  /** Some hundred steps of every loss that makes a consistency function. */
  async trained(random, number) {
    const problem = mixture(random)
    const losses = lossNames.filter((name) => ['pinn', 'cd', 'ct', 'ect'].includes(name))
    const time = 5 + 10 * random.uniform()
    const { model } = await trainModel(problem, {
      ...{ loss: losses[number % losses.length], time, seed: number, backend: 'simd' },
      ...{ steps: 150 + 50 * (number % 4), batch: 64, width: 24, layers: 2 },
    })
    return { map: await modelMap(model), problem, time }
  },
  /** f and f + shift, with a logistic step between them somewhere between 0 and T, as narrow as 1e-6 of its time. */
  async step(random) {
    const problem = gaussian(random)
    const time = 10 ** (0.5 + 1.5 * random.uniform())
    const at = time * random.uniform()
    const width = at * 10 ** (-6 * random.uniform())
    const shift = 10 ** (-2 * random.uniform())
    const step = (t: number) => 1 / (1 + Math.exp(-(t - at) / width))
    return {
      ...{ problem, time },
      map: besideTruth(problem.density, (t, x, dx) => {
        const value = step(t) - step(0)
        const rate = (step(t) * (1 - step(t))) / width
        return { value: x.map(() => shift * value), tangent: dx.map(() => shift * rate) }
      }),
    }
  },
  /** f + a few waves of log t and x, of random frequencies with deviation 2π·scale/4, as Fourier features of ln(t)/4 have. */
  async fourier(random, number) {
    const problem = gaussian(random)
    const time = 10 ** (0.5 + 1.5 * random.uniform())
    const scale = 2 ** (number % 6)
    const waves = Array.from({ length: 8 }, () => ({
      frequency: (2 * Math.PI * scale * random.normal()) / 4,
      phase: 2 * Math.PI * random.uniform(),
      size: 0.1 * random.normal(),
    }))
    const { scale: c } = problem.density.moments
    return {
      ...{ problem, time },
      map: besideTruth(problem.density, (t, x) => {
        // 0 at t = 0
        const [rise, log] = [(t * t) / (t * t + 1e-4 * c * c), Math.log(t + 1e-3 * c)]
        const slope = (2e-4 * c * c * t) / (t * t + 1e-4 * c * c) ** 2
        let [value, rate] = [0, 0]
        for (const { frequency, phase, size } of waves) {
          const angle = frequency * log + phase
          value += size * rise * Math.sin(angle)
          rate += size * (slope * Math.sin(angle) + (rise * frequency * Math.cos(angle)) / (t + 1e-3 * c))
        }
        return { value: x.map(() => value), tangent: x.map(() => rate) }
      }),
    }
  },
  /** A smooth error with derivatives that are zero, of another sign, half, those of another error, or a tenth too small throughout. */
  async dual(random, number) {
    const problem = gaussian(random)
    const time = 3 + 10 * random.uniform()
    const size = 0.1 + random.uniform()
    const turn = 1 + random.uniform()
    const wrongly = [0, -1, 0.5, 1.5, 0.9][number % 5]
    const c = problem.density.moments.scale
    return {
      ...{ problem, time },
      map: besideTruth(problem.density, (t, x) => {
        const theta = Math.atan2(t, c)
        const rate = (size * turn * Math.cos(turn * theta) * Math.cos(theta) ** 2) / c
        return {
          value: x.map(() => size * Math.sin(turn * theta)),
          tangent: x.map(() => wrongly * rate),
        }
      }),
    }
  },
}

/** The true map of a Gaussian and an error in time, with the derivative along trajectories that is claimed for it. */
function besideTruth(
  density: Density,
  error: (t: number, x: Float64Array, dx: Float64Array) => { value: Float64Array; tangent: Float64Array },
): VeMap {
  const exact = exactMap(density) as (t: number, x: Float64Array) => Float64Array
  const { scale: c } = density.moments
  const evaluate = (t: number, x: Float64Array) => {
    const off = error(t, x, x).value
    return exact(t, x).map((value, i) => value + off[i])
  }
  return {
    functionEvaluations: 0,
    evaluate,
    jvp(t, x, dx) {
      const { tangent } = error(t, x, dx)
      // f = c x/√(c² + t²)
      const root = Math.hypot(c, t)
      return {
        value: evaluate(t, x),
        tangent: tangent.map((rate, i) => rate + (c * dx[i]) / root - (c * t * x[i]) / root ** 3),
      }
    },
  }
}

function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted.length === 0 ? null : sorted[Math.floor(sorted.length / 2)]
}
