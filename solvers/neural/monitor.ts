import type { VeMap } from '../../src/consistency-function.ts'
import { ComputationError } from '../../src/errors.ts'
import { type CarriedSample, carriedSample } from '../../src/metrics/carried-sample.ts'
import { weightedMean } from '../../src/metrics/error-statistics.ts'
import type { Density } from '../../src/problem/density.ts'
import { Random } from '../../src/random/random.ts'

/** Bins of the time axis whose residual is recorded. */
export const BINS = 12

/** How often a training is measured, and on how many trajectories. */
interface MonitorSize {
  readonly measurements: number
  /** Trajectories of the error at T. */
  readonly trajectories: number
  /** Those among them, every `stride`-th, of the residual in each bin. */
  readonly residuals: number
  readonly stride: number
}

/** What a training takes, of which measurements and training points may take a share. */
export interface TrainingWork {
  readonly steps: number
  readonly batch: number
  /** Weights of the network. */
  readonly weights: number
  /** Exponentials in one evaluation of the score. */
  readonly terms: number
}

// share of the work of training that the network may take in measurements, and the score in carrying the sample
const SHARE = 0.02
const MEASUREMENTS = 20
const MOST_RESIDUALS = 128
const FEWEST_RESIDUALS = 16
const STRIDE = 8
/** Operations a weight for a row of a training step. On 342 terms in 2-D its time and that of a term are in this proportion. */
export const STEP_OPERATIONS = 12
// of a value, and of a value with its tangent
const VALUE_OPERATIONS = 2
const TANGENT_OPERATIONS = 4
/** Operations for one term of the score. */
export const TERM_OPERATIONS = 60
// evaluations of the score along one carried trajectory
const EVALUATIONS = 100
// what may be carried however short the training: about a tenth of a second
const ALLOWANCE = 3e8

/**
 * A measurement every 5 % of the steps on 1024 trajectories, 128 of them for the residuals; fewer where that would take
 * more than a few per cent of the work of training, by a count of operations, never by a clock. None where the
 * score is too expensive to integrate 128.
 */
export function monitorSize({
  steps,
  batch,
  weights,
  terms,
  dimension,
}: TrainingWork & { readonly dimension: number }): MonitorSize | null {
  const work = SHARE * STEP_OPERATIONS * steps * batch
  const rowCost = STRIDE * VALUE_OPERATIONS + BINS * TANGENT_OPERATIONS
  const measurements = clamp(work / (rowCost * FEWEST_RESIDUALS), 1, Math.min(MEASUREMENTS, steps))
  const affordable = work / (rowCost * measurements)
  const carried =
    Math.max(work * weights, ALLOWANCE) / (EVALUATIONS * terms * (TERM_OPERATIONS + 2 * dimension))
  if (carried < STRIDE * FEWEST_RESIDUALS) return null
  const residuals = clamp(Math.min(affordable, carried / STRIDE), FEWEST_RESIDUALS, MOST_RESIDUALS)
  return { measurements, trajectories: STRIDE * residuals, residuals, stride: STRIDE }
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, Math.floor(value)))
}

/** How wrong the averaged weights were after a step; both relative to √(tr Cov(p_data)). */
export interface MonitorPoint {
  readonly step: number
  /** √(E|f̂ − f|²) at T. */
  readonly error: number
  /** ‖r‖ dt/dθ at each of the angles: its mean over θ times θ_T is nearly the certificate. */
  readonly residual: readonly number[]
}

/** The course of the true error in training, and of the residual by time (docs/mathematics.md §5). */
export interface MonitorCurve {
  /** θ = arctan(t/c) of the residuals: the middles of equal bins of [0, θ_T]. */
  readonly angles: readonly number[]
  readonly points: readonly MonitorPoint[]
}

/** Measures a network now and then while it is trained. */
interface Monitor {
  readonly curve: MonitorCurve
  /** Whether a measurement is due after this many steps. */
  due(step: number): boolean
  record(step: number, map: VeMap): void
}

interface MonitorOptions {
  /** T of the VE problem. */
  readonly time: number
  readonly steps: number
  readonly batch: number
  /** Weights of the network. */
  readonly weights: number
  /** What was recorded before an interruption. */
  readonly points: readonly MonitorPoint[]
}

interface Bin {
  readonly time: number
  readonly x: Float64Array
  readonly velocity: Float64Array
  /** dt/dθ over √(tr Cov) */
  readonly unit: number
}

// the curves of trainings with different seeds are measured on the same trajectories
const SEED = 0
const RTOL = 1e-7

/**
 * A monitor on a small sample of flow-carried trajectories, weighted as those of the certificate: the truth is their start.
 * It draws from a stream of its own and changes nothing in the training. null where the
 * score is too expensive to integrate, or trajectories cannot be carried.
 */
export function createMonitor(density: Density, options: MonitorOptions): Monitor | null {
  const { time, steps, points: before } = options
  const { dimension: d, moments } = density
  const size = monitorSize({ ...options, dimension: d, terms: density.terms ?? 1 })
  if (!size) return null
  const sample = carried(density, time, size.trajectories)
  if (!sample) return null
  const { x0, weights, times, positions } = sample
  const rows = Array.from({ length: size.residuals }, (_, k) => k * size.stride)
  const ownWeights = Float64Array.from(rows, (row) => weights[row])
  const root = Math.sqrt(moments.trace)
  const nodes = Array.from({ length: BINS }, (_, k) => 2 * k + 1)
  const angles = nodes.map((k) => Math.atan2(times[k], moments.scale))
  const bins = nodes.map((k): Bin => {
    const x = pick(sample, k, rows, d)
    const velocity = new Float64Array(x.length)
    density.denoiser(times[k], x, velocity)
    for (let i = 0; i < x.length; i++) velocity[i] = (x[i] - velocity[i]) / times[k]
    return { time: times[k], x, velocity, unit: moments.scale * (1 + (times[k] / moments.scale) ** 2) }
  })
  const points = [...before]

  return {
    curve: { angles, points },
    due: (step) => step === steps || step % Math.ceil(steps / size.measurements) === 0,
    record(step, map) {
      const end = map.evaluate(time, positions[2 * BINS])
      const residual = bins.map(({ time: t, x, velocity, unit }) => {
        const { tangent } = (map.jvp as NonNullable<VeMap['jvp']>)(t, x, velocity)
        return (unit * meanSize(tangent, null, ownWeights)) / root
      })
      points.push({ step, error: meanSize(end, x0, weights) / root, residual })
    },
  }
}

function carried(density: Density, time: number, count: number): CarriedSample | null {
  const random = Random.stream(SEED, 'monitor')
  try {
    return carriedSample(density, { time, count, intervals: 2 * BINS, rtol: RTOL, random })
  } catch (error) {
    // what cannot be measured may still be trained
    if (error instanceof ComputationError) return null
    throw error
  }
}

/** Some rows of the sample at node k. */
function pick({ positions }: CarriedSample, k: number, rows: readonly number[], d: number): Float64Array {
  const x = new Float64Array(rows.length * d)
  rows.forEach((row, i) => {
    x.set(positions[k].subarray(row * d, (row + 1) * d), i * d)
  })
  return x
}

/** √(E|a − b|²) over weighted rows; b = 0 where null. */
function meanSize(a: Float64Array, b: Float64Array | null, weights: Float64Array): number {
  const d = a.length / weights.length
  const squares = new Float64Array(weights.length)
  for (let i = 0; i < a.length; i++) squares[Math.floor(i / d)] += (a[i] - (b ? b[i] : 0)) ** 2
  return Math.sqrt(weightedMean(squares, weights))
}

/** The mean loss of the steps up to and including `step`, since the point before. */
export interface CurvePoint {
  readonly step: number
  readonly loss: number
}

/** What a curve needs to go on where it stopped. */
export interface CurveState {
  readonly points: readonly CurvePoint[]
  readonly sum: number
  readonly count: number
}

const POINTS = 200

/** The loss in training as about 200 means over equal numbers of steps. */
export class LossCurve {
  readonly #every: number
  #points: CurvePoint[]
  #sum: number
  #count: number

  constructor(steps: number, state: CurveState = { points: [], sum: 0, count: 0 }) {
    this.#every = Math.ceil(steps / POINTS)
    this.#points = [...state.points]
    this.#sum = state.sum
    this.#count = state.count
  }

  /** Takes in the loss of step number `step` = 1, 2, … */
  add(step: number, loss: number): void {
    this.#sum += loss
    this.#count++
    if (this.#count < this.#every) return
    this.#points.push({ step, loss: this.#sum / this.#count })
    this.#sum = 0
    this.#count = 0
  }

  /** The mean of the last steps. */
  get last(): number {
    return this.#count > 0 ? this.#sum / this.#count : (this.#points.at(-1)?.loss ?? Number.NaN)
  }

  get points(): readonly CurvePoint[] {
    return this.#points
  }

  state(): CurveState {
    return { points: [...this.#points], sum: this.#sum, count: this.#count }
  }
}
