import { carriedSample } from '../../../src/metrics/carried-sample.ts'
import type { Density } from '../../../src/problem/density.ts'
import { Random } from '../../../src/random/random.ts'
import { toComoving } from '../../characteristics/comoving.ts'

/** Trajectories whose both ends are known, to measure a table by. */
export interface Probes {
  /** Times, ascending, the last the largest. */
  readonly times: Float64Array
  /** n·d positions y at each of the times */
  readonly images: readonly Float64Array[]
  /**
   * The error of starts y(0) found for the images, in units of x: the larger of the weighted root mean square over all
   * probes and the maximum over those as likely under p_data as under the distribution they were drawn from.
   */
  error(starts: Float64Array): number
  readonly functionEvaluations: number
}

/**
 * Draws the importance sample of docs/mathematics.md §5, which reaches into the gaps between modes and so into the layers
 * of f, and carries it to `time`, uniformly in θ by so many intervals.
 */
export function probes(density: Density, time: number, rtol: number, intervals = 1, count = 1024): Probes {
  const { dimension: d, moments } = density
  const random = Random.stream(0, 'the probes of a table')
  const sample = carriedSample(density, { time, count, intervals, random, rtol })
  const { x0, weights, functionEvaluations } = sample
  const times = sample.times.slice(1)
  const images = Array.from(times, (t, k) => {
    const y = new Float64Array(x0.length)
    toComoving(density, t, sample.positions[k + 1] as Float64Array, y)
    return y
  })
  const total = weights.reduce((a, b) => a + b, 0)
  return {
    times,
    images,
    functionEvaluations,
    error(starts) {
      let sum = 0
      let largest = 0
      for (let row = 0; row < count; row++) {
        let squares = 0
        for (let i = row * d; i < (row + 1) * d; i++)
          squares += (moments.mean[i % d] + moments.scale * starts[i] - x0[i]) ** 2
        sum += weights[row] * squares
        if (weights[row] >= 1) largest = Math.max(largest, Math.sqrt(squares))
      }
      return Math.max(largest, Math.sqrt(sum / total))
    },
  }
}
