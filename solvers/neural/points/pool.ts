import { Integrator } from '../../../src/characteristics/engine.ts'
import { drawProposal, hasProposal, type Proposal } from '../../../src/metrics/importance-sampling.ts'
import { rk4 } from '../../../src/numeric/tableaux/low-order.ts'
import type { Density } from '../../../src/problem/density.ts'
import { Random } from '../../../src/random/random.ts'
import type { Loss, LossContext } from '../loss.ts'
import { STEP_OPERATIONS, TERM_OPERATIONS, type TrainingWork } from '../monitor.ts'
import {
  gatherPoints,
  joinPoints,
  type TrainingPointSource,
  type TrainingPoints,
  withArrivals,
} from '../training-points.ts'
import type { FlowVelocity } from '../velocity.ts'

interface FlowPointsOptions {
  readonly batch: number
  /** θ_T */
  readonly largestAngle: number
  readonly size: PoolSize
  /** Pool number k is drawn from its own stream of this seed, so that it can be made again. */
  readonly seed: number
  /** The step from which pools are counted: 0, or that at which the training was made longer. */
  readonly from: number
  /** Chooses the points of each batch. */
  readonly random: Random
  /** Whether more points are taken of late times. */
  readonly late: boolean
}

// trajectories carried together: one angle for all of them, so that what a score computes from t alone is shared
const BLOCK = 128

/** Starts of trajectories with their weights p_data/q. */
function startsOf(density: Density, count: number, random: Random): Proposal {
  if (hasProposal(density) || !density.sample) return drawProposal(density, count, random)
  return { x0: density.sample(count, random), weights: new Float64Array(count).fill(1) }
}

/**
 * Points from trajectories of X₀ ~ q = 0.4 p_data + 0.3 p_data*N(0,(c/2)² I) + 0.3 p_data*N(0,c² I), which land in the layers
 * between the modes at every time; the residual is weighted by √w, w = p_data/q (docs/mathematics.md §5, §7). Without a
 * log-density X₀ ~ p_data. All points of a pool are stored with what the loss computes from the score, and the pool is made anew after `size.interval` steps.
 */
export function flowPoints(
  density: Density,
  loss: Loss,
  context: LossContext,
  options: FlowPointsOptions,
): TrainingPointSource {
  const { batch, largestAngle, size, seed, random, from, late } = options
  let pool: TrainingPoints | null = null
  let number = -1

  // of a discrete loss only every `substeps`-th angle is one of its times, and stored
  const intervals = loss.discrete ? Math.round(largestAngle / context.interval) : NODES - 1
  const substeps = loss.discrete ? Math.ceil((NODES - 1) / intervals) : 1

  /** Angles of one block: those of a discrete loss and between, else equal steps from a random offset in (0, 1]. */
  function anglesOf(offset: number): number[] {
    if (loss.discrete)
      return Array.from({ length: intervals * substeps }, (_, k) => ((k + 1) / substeps) * context.interval)
    const inner = Array.from({ length: intervals }, (_, k) => ((k + offset) * largestAngle) / intervals)
    return [...inner, largestAngle]
  }

  async function make(k: number, pause: () => Promise<void>): Promise<TrainingPoints> {
    const stream = Random.stream(seed, from > 0 ? `pool ${k} from step ${from}` : `pool ${k}`)
    const { x0, weights } = startsOf(density, size.trajectories, stream)
    const d = context.coordinates.dimension
    const parts: TrainingPoints[] = []
    for (let first = 0; first < size.trajectories; first += BLOCK) {
      const last = Math.min(first + BLOCK, size.trajectories)
      const weight = weights.slice(first, last).map(Math.sqrt)
      const y = new Float64Array((last - first) * d)
      context.coordinates.toY(0, x0.subarray(first * d, last * d), y)
      const angles = anglesOf(1 - stream.uniform())
      const passed: Carried[] = [{ angle: 0, y: y.slice() }]
      carry(context.velocity, y, 0, angles, (index, at, velocity) => {
        if ((index + 1) % substeps !== 0) return
        const theta = new Float64Array(last - first).fill(angles[index])
        const points = { theta, y: at.slice(), weight, velocity: velocity.slice() }
        const partners = loss.partner ? partnerPoints(loss.partner, passed, last - first, stream) : {}
        parts.push(loss.prepareTargets({ ...points, ...partners }, context))
        if (loss.partner === 'earlier') passed.push({ angle: angles[index], y: points.y })
      })
      await pause()
    }
    return joinPoints(parts)
  }

  return {
    async prepare(step, pause) {
      const due = Math.floor((step - from) / size.interval)
      if (due === number) return false
      pool = await make(due, pause)
      number = due
      return step - from > due * size.interval
    },
    next() {
      if (!pool) throw new Error('the pool of training points is not ready')
      // stratified in the angle; a pool is stored by blocks of trajectories, and in a block angle by angle
      const angles = pool.theta.length / size.trajectories
      const indices = new Int32Array(batch)
      for (let i = 0; i < batch; i++) {
        const share = lateness((i + random.uniform()) / batch, late)
        const angle = Math.min(angles - 1, Math.floor(share * angles))
        const trajectory = random.integer(size.trajectories)
        const first = trajectory - (trajectory % BLOCK)
        const rows = Math.min(BLOCK, size.trajectories - first)
        indices[i] = first * angles + angle * rows + (trajectory - first)
      }
      return withArrivals(gatherPoints(pool, indices), loss, random)
    },
  }
}

// a half of the points is then in the last eighth of the angles
const LATE_POWER = 3

/** The share of the angles that a uniform number stands for. */
function lateness(share: number, late: boolean): number {
  return late ? 1 - (1 - share) ** LATE_POWER : share
}

/** Angles of a trajectory at which its points are stored. */
const NODES = 65

/** How many trajectories a pool holds and after how many steps it is made anew. */
interface PoolSize {
  readonly trajectories: number
  readonly interval: number
}

// the full size of docs/mathematics.md §7: 16,384 trajectories, renewed a dozen times
const LARGEST = 16_384
const FEWEST = 2048
const RENEWALS = 12
// stored points for each point a batch takes, where they cost nothing
const SUPPLY = 2
// share of the work that trajectories may take: where scores are dear, as many steps again would not give what more points do
const SHARE = 0.4

/**
 * The size of the pool of flow-carried points. Two stored points for each point that training takes, fewer where the score
 * is expensive: trajectories may take two fifths of the work, by a count of operations, never by a clock, so that a seed gives
 * the same points on every machine.
 */
export function poolSize({ steps, batch, weights, terms }: TrainingWork): PoolSize {
  const taken = steps * batch
  const affordable = (SHARE * STEP_OPERATIONS * weights) / (4 * TERM_OPERATIONS * terms)
  const trajectories = Math.ceil((taken * Math.min(SUPPLY, affordable)) / NODES)
  const renewals = Math.max(1, Math.min(RENEWALS, Math.floor(trajectories / FEWEST)))
  return {
    trajectories: Math.min(LARGEST, Math.max(256, Math.ceil(trajectories / renewals))),
    interval: Math.ceil(steps / renewals),
  }
}

/** The points of a block of trajectories at one angle. */
interface Carried {
  readonly angle: number
  /** [rows, d] */
  readonly y: Float64Array
}

// how often the partner is the start: the time at which the trained map is used
const START_SHARE = 0.5

/**
 * Earlier points of the same trajectories: their starts, or any that they have passed, more of them near the start: by the square of
 * a uniform number, which costs f(t → 0) a tenth less error than the number itself (docs/losses.md, Measured).
 *
 * @param passed from the start on
 * @returns columns `earlier` [rows, d] and `arrival` [rows], its angle
 */
function partnerPoints(
  partner: 'start' | 'earlier',
  passed: readonly Carried[],
  rows: number,
  random: Random,
): { earlier: Float64Array; arrival: Float64Array } {
  const start = passed[0]
  if (partner === 'start') return { earlier: start.y, arrival: new Float64Array(rows) }
  const d = start.y.length / rows
  const earlier = new Float64Array(start.y.length)
  const arrival = new Float64Array(rows)
  for (let i = 0; i < rows; i++) {
    const atStart = random.uniform() < START_SHARE
    const from = atStart ? start : passed[Math.floor(passed.length * random.uniform() ** 2)]
    arrival[i] = from.angle
    for (let j = i * d; j < (i + 1) * d; j++) earlier[j] = from.y[j]
  }
  return { earlier, arrival }
}

/**
 * Carries points along the flow through ascending angles, each interval in one classical Runge–Kutta step. The flow forward
 * has no layers (docs/mathematics.md §2), so that 64 steps are plenty for training points.
 *
 * @param y [n, d] at the angle `from`; overwritten
 * @param visit called with the index of each of `angles`, y and the velocity there, both [n, d] and valid during the call only
 */
export function carry(
  velocity: FlowVelocity,
  y: Float64Array,
  from: number,
  angles: readonly number[],
  visit: (index: number, y: Float64Array, velocity: Float64Array) => void,
): void {
  const step = new Integrator(rk4, y.length, 1)
  const flow = (theta: number, at: Float64Array, out: Float64Array) => velocity.at(theta, at, out)
  // the velocity at the new point is the first stage of the next step
  const slope = new Float64Array(y.length)
  let theta = from
  velocity.at(theta, y, slope)
  for (const [index, next] of angles.entries()) {
    step.advance(flow, theta, next, y, { slope })
    theta = next
    velocity.at(theta, y, slope)
    visit(index, y, slope)
  }
}
