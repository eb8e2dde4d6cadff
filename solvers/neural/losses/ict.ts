import { type Loss, valueResidual } from '../loss.ts'
import { column } from '../training-points.ts'
import { pairBatch, preparePairs } from './pairs.ts'
import { cumulativeLognormal, PAPER_DEVIATION } from './time-laws.ts'

// arXiv:2310.14189, table 1: intervals double from 10 to 1280; the Karras times have ρ = 7 and σ_min = 0.002
const FEWEST = 10
const MOST = 1280
const RHO = 7
const SMALLEST = 0.002

/** Intervals N when a share of the training is done: doubled at equal times, from 10 to 1280. */
export function ictIntervals(progress: number): number {
  const stages = Math.log2(MOST / FEWEST) + 1
  return Math.min(MOST, FEWEST * 2 ** Math.floor(progress * stages))
}

/** σ_0 < … < σ_N, equidistant in σ^{1/ρ}. */
export function karrasTimes(intervals: number, largest: number): Float64Array {
  const low = Math.min(SMALLEST, largest / 100) ** (1 / RHO)
  const high = largest ** (1 / RHO)
  return Float64Array.from({ length: intervals + 1 }, (_, i) => (low + (i / intervals) * (high - low)) ** RHO)
}

/**
 * Improved consistency training: `ct` on pairs of neighbouring Karras times, drawn by a lognormal law, weighted by 1/Δt, with
 * the pseudo-Huber metric and N growing from 10 to 1280 over the training. Times are in the paper's units: σ = t/(2c).
 * The metric makes it converge to the map of another ODE (docs/mathematics.md §4.3).
 */
export function ict(): Loss {
  let grid: Float64Array = new Float64Array()
  let cumulative: Float64Array = new Float64Array()

  function timesOf(intervals: number, largest: number): void {
    if (grid.length === intervals + 1 && grid[intervals] === largest) return
    grid = karrasTimes(intervals, largest)
    grid[intervals] = largest
    cumulative = cumulativeLognormal(grid)
  }

  return {
    name: 'ict',
    source:
      'Eulerian identity, discrete, one sample of the noise: Song and Dhariwal 2023 (arXiv:2310.14189), table 1',
    cause: () => 'It couples points by their noise, not by the ODE, which smears f between the modes.',
    discrete: false,
    coupled: true,
    movingTarget: true,
    metric: 'pseudo-huber',
    angles(share, { coordinates, largestAngle }, _, progress) {
      const unit = coordinates.moments.scale / PAPER_DEVIATION
      timesOf(ictIntervals(progress), coordinates.time(largestAngle) / unit)
      // the interval n of the cumulative law that holds the share
      let [n, above] = [0, grid.length - 1]
      while (above - n > 1) {
        const middle = (n + above) >> 1
        if (cumulative[middle] <= share) n = middle
        else above = middle
      }
      return [coordinates.angle(grid[n + 1] * unit), coordinates.angle(grid[n] * unit)]
    },
    prepareTargets: preparePairs,
    batch: (points, context, weights) => pairBatch(points, column(points, 'arrival'), 1, context, weights),
    residual: valueResidual,
  }
}
