import { InputError } from '../../src/errors.ts'
import { exactSolution } from '../../src/exact/exact.ts'
import type { ExactSolution } from '../../src/exact/solution.ts'
import type { Density } from '../../src/problem/density.ts'
import type { Random } from '../../src/random/random.ts'
import { noiseGiven } from '../coupling/joint.ts'

/** The variance of targets that are made from one sample of the noise, at one time, over the data's variance. */
interface TargetVariance {
  readonly time: number
  /** E ∇f C ∇fᵀ: the sample in the target and in its derivative (continuous-time CT, MeanFlow). */
  readonly sample: number
  /** E C: the sample in the target, the exact velocity in its derivative. */
  readonly velocity: number
  /** The mixture β·sample + (1 − β)·velocity in the derivative whose variance is least, and that variance. */
  readonly best: number
  readonly beta: number
}

export interface ContinuousTraining {
  readonly byTime: readonly TargetVariance[]
  /** The mean of ∂_t f + ∇f ε over samples at the middle time, in standard errors: 0 in theory. */
  readonly meanInErrors: number
}

interface Line {
  readonly density: Density
  readonly flow: NonNullable<ExactSolution['flow']>
}

const NODES = 8001
const EXTENT = 5
const TIMES = 33

/**
 * Why continuous-time consistency training is unbiased but noisy (docs/mathematics.md §4.4), for 1-D data with an exact map: the
 * average velocity u = (x − f)/t regresses on ε − t ∂u/∂t − t ∇u w with w a direction, and with w = ε + (1 − β)(a − ε) its variance given x is
 * (1 − β t∇u)² C, t∇u = 1 − ∇f.
 *
 * @throws InputError for data without an exact two-time map
 */
export function continuousTraining(density: Density, largest: number, random: Random): ContinuousTraining {
  const { scale, trace } = density.moments
  const flow = exactSolution(density)?.flow
  if (!flow) throw new InputError('the data', density.kind, '1-D data with an exact map')
  const line = { density, flow }
  const angle = Math.atan2(largest, scale)
  const byTime = Array.from({ length: TIMES }, (_, k): TargetVariance => {
    const time = scale * Math.tan(((k + 1) / TIMES) * angle)
    const { weights, slope, covariance } = atTime(line, time)
    const mean = (g: (i: number) => number) => weights.reduce((sum, weight, i) => sum + weight * g(i), 0)
    const [zero, one, two] = [
      mean((i) => covariance[i]),
      mean((i) => (1 - slope[i]) * covariance[i]),
      mean((i) => (1 - slope[i]) ** 2 * covariance[i]),
    ]
    return {
      time,
      sample: mean((i) => slope[i] ** 2 * covariance[i]) / trace,
      velocity: zero / trace,
      best: (zero - one ** 2 / two) / trace,
      beta: one / two,
    }
  })
  return { byTime, meanInErrors: sampleMean(line, scale * Math.tan(angle / 2), random) }
}

/**
 * Nodes x₀ of the data as weights, with ∂f/∂x = p_t(x)/p_data(x₀) and C = Cov(ε | x) where each is carried to: the forward map has no
 * layers, and p_t (∂f/∂x)² dx = p_t ∂f/∂x dx₀ is smooth where (∂f/∂x)² is not.
 */
function atTime({ density, flow }: Line, time: number) {
  const { mean, scale } = density.moments
  const width = (2 * EXTENT * scale) / (NODES - 1)
  const start = Float64Array.from({ length: NODES }, (_, i) => mean[0] - EXTENT * scale + i * width)
  const early = logDensityOf(density, 0, start)
  const x = flow(0, time, start)
  const late = logDensityOf(density, time, x)
  return {
    weights: early.map((log) => Math.exp(log) * width),
    slope: late.map((log, i) => Math.exp(log - early[i])),
    covariance: noiseGiven(density, time, x).covariance,
  }
}

function logDensityOf(density: Density, time: number, x: Float64Array): Float64Array {
  const out = new Float64Array(x.length)
  density.logDensity?.(time, x, out)
  return out
}

const SAMPLES = 20_000

function sampleMean({ density, flow }: Line, time: number, random: Random): number {
  const start = density.sample?.(SAMPLES, random) ?? new Float64Array(SAMPLES)
  const noise = start.map(() => random.normal())
  const x = start.map((value, i) => value + time * noise[i])
  const [late, early] = [logDensityOf(density, time, x), logDensityOf(density, 0, flow(time, 0, x))]
  const slope = late.map((log, i) => Math.exp(log - early[i]))
  const velocity = noiseGiven(density, time, x).mean
  // ∂_t f = −∇f a along the exact map
  const targets = x.map((_, i) => slope[i] * (noise[i] - velocity[i]))
  const mean = targets.reduce((sum, value) => sum + value, 0) / SAMPLES
  const square = targets.reduce((sum, value) => sum + value * value, 0) / SAMPLES
  return mean / Math.sqrt(square / SAMPLES)
}
