import {
  covarianceOf,
  type GaussianShape,
  type StochasticFlow,
} from '../../solvers/neural/stochastic-flow/index.ts'
import { gaussianCoordinates } from '../../src/nn/gaussian-coordinates.ts'
import type { Density } from '../../src/problem/density.ts'
import type { Random } from '../../src/random/random.ts'

/** How far a trained F and G Gᵀ are from the closed form at one time, over points of p_t. */
export interface FitRow {
  readonly time: number
  /** √(E|F̂ − D|² / tr Cov(p_data)) */
  readonly meanError: number
  /** √(E‖ĜĜᵀ − Cov‖² / E‖Cov‖²), Frobenius norms; of a diagonal G over the diagonal in the eigenbasis of the data's covariance. */
  readonly covarianceError: number
}

export function fitAt(
  density: Density,
  trained: StochasticFlow,
  exact: StochasticFlow,
  shape: GaussianShape,
  time: number,
  count: number,
  random: Random,
): FitRow {
  const d = density.dimension
  const start = density.sample?.(count, random) ?? new Float64Array(0)
  const x = start.map((value) => value + time * random.normal())
  const [found, truth] = [trained.law(time, x), exact.law(time, x)]
  const { rotate } = gaussianCoordinates(density.moments)
  const turn = (law: typeof found) => {
    if (shape === 'cholesky') return covarianceOf(law, d)
    // (Vᵀ G)(Vᵀ G)ᵀ, of which the diagonal
    const columns = Array.from({ length: d }, (_, j) => {
      const own = x.map((_, at) => law.factor[at * d + j])
      const out = new Float64Array(own.length)
      rotate(own, out)
      return out
    })
    return x.map((_, at) => columns.reduce((sum, column) => sum + column[at] ** 2, 0))
  }
  const [C, D] = [turn(found), turn(truth)]
  const squares = (a: Float64Array, b: Float64Array) =>
    a.reduce((sum, value, i) => sum + (value - b[i]) ** 2, 0)
  return {
    time,
    meanError: Math.sqrt(squares(found.mean, truth.mean) / count / density.moments.trace),
    covarianceError: Math.sqrt(squares(C, D) / D.reduce((sum, value) => sum + value * value, 0)),
  }
}
