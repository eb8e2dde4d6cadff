import { carriedSample } from '../../../src/metrics/carried-sample.ts'
import type { Density } from '../../../src/problem/density.ts'
import { Random } from '../../../src/random/random.ts'
import { toComoving } from '../../characteristics/comoving.ts'

/** Trajectories whose both ends are known, to measure a table by. */
export interface Probes {
  /** Times, ascending, the last the largest. */
  readonly times: Float64Array
  /** n·d positions y(0) */
  readonly starts: Float64Array
  /** n·d positions y at each of the times */
  readonly images: readonly Float64Array[]
  /**
   * The error of starts y(0) found for the images, in units of x: the larger of the weighted root mean square over all
   * probes and the maximum over those as likely under p_data as under the distribution they were drawn from.
   */
  error(found: Float64Array): number
  /** What a distance at probe `row` counts for in `error`: all of it where the probe is likely, its part of the mean square otherwise. */
  share(row: number): number
  /** Where the rows of so many probes with the largest errors start, each by what it counts for. */
  worst(found: Float64Array, most: number): number[]
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
  const starts = new Float64Array(x0.length)
  toComoving(density, 0, x0, starts)
  const share = (row: number) => (weights[row] >= 1 ? 1 : Math.sqrt(weights[row] / total))
  const squareAt = (found: Float64Array, row: number) => {
    let square = 0
    for (let i = row * d; i < (row + 1) * d; i++)
      square += (moments.mean[i % d] + moments.scale * found[i] - x0[i]) ** 2
    return square
  }
  return {
    ...{ times, starts, share },
    images,
    functionEvaluations,
    error(found) {
      let sum = 0
      let largest = 0
      for (let row = 0; row < count; row++) {
        const square = squareAt(found, row)
        sum += weights[row] * square
        if (weights[row] >= 1) largest = Math.max(largest, Math.sqrt(square))
      }
      return Math.max(largest, Math.sqrt(sum / total))
    },
    worst(found, most) {
      const squares = Float64Array.from(weights, (_, row) => share(row) ** 2 * squareAt(found, row))
      return Array.from(squares.keys())
        .sort((a, b) => squares[b] - squares[a])
        .slice(0, most)
        .map((row) => row * d)
    },
  }
}
