/** Bins of the time axis whose residual is recorded. */
export const BINS = 12

/** How often a training is measured, and on how many trajectories. */
export interface MonitorSize {
  readonly measurements: number
  /** Trajectories of the error at T. */
  readonly trajectories: number
  /** Those among them, every `stride`-th, of the residual in each bin. */
  readonly residuals: number
  readonly stride: number
}

export interface MonitorCost {
  readonly steps: number
  readonly batch: number
  /** Weights of the network. */
  readonly weights: number
  /** Exponentials in one evaluation of the score. */
  readonly terms: number
  readonly dimension: number
}

// share of the work of training that the network may take in measurements, and the score in carrying the sample
const SHARE = 0.02
const MEASUREMENTS = 20
const MOST_RESIDUALS = 128
const FEWEST_RESIDUALS = 16
const STRIDE = 8
// operations a weight: for a row of a training step, of a value, and of a value with its tangent
const STEP_OPERATIONS = 12
const VALUE_OPERATIONS = 2
const TANGENT_OPERATIONS = 4
// evaluations of the score along one carried trajectory, and operations for one term of it
const EVALUATIONS = 100
const TERM_OPERATIONS = 60
// what may be carried however short the training: about a tenth of a second
const ALLOWANCE = 3e8

/**
 * A measurement every 5 % of the steps on 1024 trajectories, 128 of them for the residuals; fewer where that would take
 * more than a few per cent of the work of training, by a count of operations, never by a clock. None where the
 * score is too expensive to integrate 128.
 */
export function monitorSize({ steps, batch, weights, terms, dimension }: MonitorCost): MonitorSize | null {
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
