import { quintic } from '../../src/numeric/interpolation/splines.ts'
import { evaluateExtended, tensorSpline } from '../../src/numeric/interpolation/tensor-spline.ts'
import type { Moments } from '../../src/numeric/moments.ts'
import { cube, nodeCoordinates } from '../../src/numeric/uniform-grid.ts'
import { lineSpline } from './line-spline.ts'

/** f_n = f(t_n, ·) of a fixed point. */
export interface Level {
  readonly time: number
  /** Replaces the d-vectors z at time t_n, as many as z holds, by their values. */
  evaluate(z: Float64Array): void
}

/** f_0(x) = x. */
export const start: Level = { time: 0, evaluate: () => {} }

/** A grid in y = (Σ + t² I)^{-1/2} (x − μ), in which every p_t has mean 0 and unit variance. */
interface LevelGrid {
  /** The nodes at time t, [size, d]. */
  nodes(t: number): Float64Array
  /** Distance of two nodes in y. */
  readonly spacing: number
  /** The level with these values at the nodes, [size, d]. */
  level(t: number, values: Float64Array): Level
}

/**
 * The grid on |y_i| ≤ extent: cubic splines in 1-D, quintic tensor splines in 2-D, continued as lines.
 *
 * @param count nodes an axis
 */
export function levelGrid(moments: Moments, extent: number, count: number): LevelGrid {
  const { mean, eigenvalues, eigenvectors } = moments
  const d = mean.length
  const grid = cube(d, extent, count)
  const y = nodeCoordinates(grid)
  const spread = (t: number) => eigenvalues.map((value) => Math.sqrt(value + t * t))

  return {
    spacing: grid.spacing[0],
    nodes(t) {
      const scales = spread(t)
      const x = new Float64Array(y.length)
      for (let row = 0; row < y.length; row += d)
        for (let i = 0; i < d; i++) {
          x[row + i] = mean[i]
          for (let j = 0; j < d; j++) x[row + i] += eigenvectors[i * d + j] * scales[j] * y[row + j]
        }
      return x
    },
    level(time, values) {
      const scales = spread(time)
      const line = d === 1 ? lineSpline(-extent, extent, values) : null
      const spline = line ? null : tensorSpline(grid, values, quintic)
      const row = new Float64Array(d)
      return {
        time,
        evaluate(z) {
          for (let at = 0; at < z.length; at += d) {
            for (let j = 0; j < d; j++) {
              row[j] = 0
              for (let i = 0; i < d; i++) row[j] += eigenvectors[i * d + j] * (z[at + i] - mean[i])
            }
            for (let j = 0; j < d; j++) z[at + j] = row[j] / scales[j]
          }
          if (line) line.evaluate(z)
          else if (spline) evaluateExtended(spline, z)
        },
      }
    },
  }
}
