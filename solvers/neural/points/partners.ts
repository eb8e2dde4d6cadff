import type { Random } from '../../../src/random/random.ts'

/** The points of a block of trajectories at one angle. */
export interface Carried {
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
export function partnerPoints(
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
