import { passedOver } from '../../src/characteristics/probability-flow.ts'
import type { Method } from '../../src/consistency-function.ts'
import { checkInteger, checkNumber, InputError } from '../../src/errors.ts'
import { gaussianMap } from '../../src/exact/exact.ts'
import type { Density } from '../../src/problem/density.ts'
import { LAST_TIME } from '../../src/problem/process.ts'
import { Random } from '../../src/random/random.ts'
import { type ScheduleName, scheduleNames, scheduleTimes } from './schedules.ts'
import { type SamplerName, type SamplingScheme, samplerNames, samplingSchemes } from './schemes.ts'

// of Karras et al. 2022, whose data have scale 1/2
const SIGMA_MIN = 0.004
// rows taken to 0 together: enough to spread the cost of a call
const ROWS = 256

export interface SamplerOptions {
  /** Default heun. */
  readonly solver?: SamplerName
  /** K, the number of steps: K evaluations, K + 1 with dpm-3m, 2K − 1 with heun. Default 18. */
  readonly steps?: number
  /** How the times are spaced. Default karras; cosine, the only one that reaches it, at the end of a process in which no data are left. */
  readonly schedule?: ScheduleName
  /** The last time before 0. Default 0.004 c, which is the 0.002 of Karras et al. for their data, of scale c = 1/2. */
  readonly sigmaMin?: number
}

/**
 * The samplers that consistency functions replace, as maps: K steps of a scheme for dx/dt = (x − D(t, x))/t (`samplingSchemes` names
 * their papers). The last step, to t = 0, is Euler's with all: x = D(σ_min, x). For t below the time of the problem the times start at t; for
 * t ≤ σ_min one step is enough. From the end of a process in which no data are left (τ = ∞) the first step is the map of the Gaussian with the
 * moments of the data, of an error of order 3 in its angle. `ancestral` adds noise of the seed: it aims at the law alone, and every call draws anew.
 *
 * @throws InputError for an option out of range
 * @example const f = await solve(problem, sampler({ solver: 'dpm-2m', steps: 18 }), { time: 80 }) // 18 evaluations
 */
export function sampler(options: SamplerOptions = {}): Method {
  const name = options.solver ?? 'heun'
  if (!samplerNames.includes(name)) throw new InputError('solver', name, oneOf(samplerNames))
  const scheme: SamplingScheme = samplingSchemes[name]
  const steps = checkInteger('steps', options.steps ?? 18, 1, 1_000_000)
  const { schedule, sigmaMin: given } = options
  if (schedule !== undefined && !scheduleNames.includes(schedule))
    throw new InputError('schedule', schedule, oneOf(scheduleNames))
  if (given !== undefined) checkNumber('sigmaMin', given, 0, Infinity, true)
  const random = scheme.order === null
  return {
    name: `sampler:${name}-${steps}`,
    options: {
      solver: name,
      steps,
      ...(schedule !== undefined && schedule !== 'karras' && { schedule }),
      ...(given !== undefined && { sigmaMin: given }),
    },
    target: random ? 'distribution' : 'map',
    random,
    solveVe(density, { seed, time }) {
      const endless = time >= LAST_TIME
      if (endless && schedule !== undefined && schedule !== 'cosine')
        throw new InputError('schedule', schedule, 'cosine, which starts where no data are left')
      const spacing = schedule ?? (endless ? 'cosine' : 'karras')
      const noise = Random.stream(seed, 'noise of the sampler')
      const normal = () => noise.normal()
      let evaluations = 0
      const { scale } = density.moments
      const timesFrom = (t: number) => {
        // for a single point mass every schedule is exact
        const to = given ?? SIGMA_MIN * (scale > 0 ? scale : t)
        return scheduleTimes(spacing, steps, { from: t, to, scale })
      }
      const warning = passedOver(density, timesFrom(time), `${steps} steps`)
      return {
        ...(warning !== null && { warnings: [warning] }),
        get functionEvaluations() {
          return evaluations
        },
        cause: random
          ? 'It adds noise in every step and aims at the law of the data alone: it is no map of the noise.'
          : `Its error is that of ${steps} time steps: the velocity turns between them.`,
        ...(endless && { options: { schedule: spacing } }),
        evaluate(t, x) {
          if (t === 0) return x.slice()
          const times = timesFrom(t)
          const first = t >= LAST_TIME && times.length > 2 ? 1 : 0
          const start = first === 1 ? gaussianMap(density.moments)(t, x, times[1]) : x
          evaluations += (x.length / density.dimension) * (scheme.evaluations(times.length - 2 - first) + 1)
          return descend(density, scheme, times.subarray(first), start, normal)
        },
      }
    },
  }
}

function descend(
  density: Density,
  scheme: SamplingScheme,
  times: Float64Array,
  x: Float64Array,
  normal: () => number,
): Float64Array {
  const denoise = (t: number, place: Float64Array, out: Float64Array) => density.denoiser(t, place, out)
  const size = ROWS * density.dimension
  const out = new Float64Array(x.length)
  for (let start = 0; start < x.length; start += size) {
    const block = x.slice(start, start + size)
    scheme.descend(denoise, times, block, normal)
    density.denoiser(times[times.length - 2], block, out.subarray(start, start + block.length))
  }
  return out
}

function oneOf(names: readonly string[]): string {
  return `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`
}
