/** Angles of a trajectory at which its points are stored. */
export const NODES = 65

/** How many trajectories a pool holds and after how many steps it is made anew. */
export interface PoolSize {
  readonly trajectories: number
  readonly interval: number
}

export interface PoolCost {
  readonly steps: number
  readonly batch: number
  /** Weights of the network. */
  readonly weights: number
  /** Exponentials in one evaluation of the score, times the dimension. */
  readonly terms: number
}

// the full size of docs/mathematics.md §7: 16,384 trajectories, renewed a dozen times
const LARGEST = 16_384
const FEWEST = 2048
const RENEWALS = 12
// stored points for each point a batch takes, where they cost nothing
const SUPPLY = 2
// share of the work that trajectories may take
const SHARE = 0.25
// operations a weight for a row of a training step, and for one term of a score; on 342 terms in 2-D their times are in
// this proportion
const STEP_OPERATIONS = 12
const TERM_OPERATIONS = 60

/**
 * The size of the pool of flow-carried points. Two stored points for each point that training takes, fewer where the score
 * is expensive: trajectories may take a quarter of the work, by a count of operations, never by a clock, so that a seed gives
 * the same points on every machine.
 */
export function poolSize({ steps, batch, weights, terms }: PoolCost): PoolSize {
  const taken = steps * batch
  const affordable = (SHARE * STEP_OPERATIONS * weights) / (4 * TERM_OPERATIONS * terms)
  const trajectories = Math.ceil((taken * Math.min(SUPPLY, affordable)) / NODES)
  const renewals = Math.max(1, Math.min(RENEWALS, Math.floor(trajectories / FEWEST)))
  return {
    trajectories: Math.min(LARGEST, Math.max(256, Math.ceil(trajectories / renewals))),
    interval: Math.ceil(steps / renewals),
  }
}
