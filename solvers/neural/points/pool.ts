import { drawProposal, hasProposal, type Proposal } from '../../../src/metrics/proposal.ts'
import type { Density } from '../../../src/problem/density.ts'
import { Random } from '../../../src/random/random.ts'
import type { Loss, LossContext } from '../loss.ts'
import { gatherPoints, joinPoints, type TrainingPoints, withArrivals } from '../training-points.ts'
import { carry } from './carry.ts'
import { type Carried, partnerPoints } from './partners.ts'
import { NODES, type PoolSize } from './pool-size.ts'
import type { TrainingPointSource } from './source.ts'

export interface FlowPointsOptions {
  readonly batch: number
  /** θ_T */
  readonly largestAngle: number
  readonly size: PoolSize
  /** Pool number k is drawn from its own stream of this seed, so that it can be made again. */
  readonly seed: number
  /** Chooses the points of each batch. */
  readonly random: Random
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
  const { batch, largestAngle, size, seed, random } = options
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
    const stream = Random.stream(seed, `pool ${k}`)
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
      const due = Math.floor(step / size.interval)
      if (due === number) return false
      pool = await make(due, pause)
      number = due
      return step > due * size.interval
    },
    next() {
      if (!pool) throw new Error('the pool of training points is not ready')
      // stratified in the angle; a pool is stored by blocks of trajectories, and in a block angle by angle
      const angles = pool.theta.length / size.trajectories
      const indices = new Int32Array(batch)
      for (let i = 0; i < batch; i++) {
        const angle = Math.min(angles - 1, Math.floor(((i + random.uniform()) / batch) * angles))
        const trajectory = random.integer(size.trajectories)
        const first = trajectory - (trajectory % BLOCK)
        const rows = Math.min(BLOCK, size.trajectories - first)
        indices[i] = first * angles + angle * rows + (trajectory - first)
      }
      return withArrivals(gatherPoints(pool, indices), loss, random)
    },
  }
}
