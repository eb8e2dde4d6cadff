import type { Method, VeMap } from '../../src/consistency-function.ts'
import { checkInteger, InputError } from '../../src/errors.ts'
import type { Density } from '../../src/problem/density.ts'
import { normalRule } from './hermite.ts'
import { type Level, levelGrid, start } from './levels.ts'
import { trainingTimes } from './times.ts'

export interface ModifiedEquationOptions {
  /** N of the consistency training that the equation stands for; default 64. */
  readonly intervals?: number
  /** Whether the velocity is shifted by ½ Δt ȧ, the bias of an Euler step; default true. */
  readonly shift?: boolean
  /** Steps of the solver for each of the N; default 8. */
  readonly substeps?: number
  /** Nodes of the grid; default 2001. */
  readonly nodes?: number
}

const EXTENT = 8
const ORDER = 6

/**
 * The modified equation of consistency training in 1-D (docs/mathematics.md §4.2, eq. 7),
 * ∂f/∂t + (a + ½ Δt ȧ)·∇f = ½ Δt C:∇²f with Δt the local step t_{n+1} − t_n and C = Cov(ε|x): solved in its stochastic form, step by step
 * f(t, x) = E f(t − δ, X), X normal with the mean of Heun's step minus ½ Δt δ ȧ and the variance δ Δt C.
 *
 * @throws InputError (from `solve`) unless the data is in one dimension
 */
export function modifiedEquation(options: ModifiedEquationOptions = {}): Method {
  const { intervals = 64, shift = true, substeps = 8, nodes = 2001 } = options
  checkInteger('intervals', intervals, 1, 2 ** 16)
  checkInteger('substeps', substeps, 1, 1000)
  checkInteger('nodes', nodes, 8, 100_000)
  return {
    name: 'modified-equation:ct',
    options: { intervals, shift, substeps, nodes },
    target: 'map',
    random: false,
    solveVe(density, run): VeMap {
      const { dimension, moments } = density
      if (dimension !== 1) throw new InputError('the dimension', dimension, '1')
      const { times, step, time, before } = trainingTimes(moments.scale, run.time, intervals)
      const grid = levelGrid(moments, EXTENT, nodes)
      const rule = normalRule(ORDER, 1)

      /** f(t, x) from a level a little earlier; Δt of the training step around. */
      function advance(level: Level, t: number, x: Float64Array, trainingStep: number): Float64Array {
        const delta = t - level.time
        const late = velocity(density, t, x)
        const early = velocity(
          density,
          level.time,
          x.map((value, i) => value - delta * late[i]),
        )
        const centre = x.map(
          (value, i) =>
            value -
            (delta / 2) * (late[i] + early[i]) -
            // δ ȧ is the change of the velocity along the step
            (shift ? (trainingStep / 2) * (late[i] - early[i]) : 0),
        )
        const spread = covariance(density, (t + level.time) / 2, centre)
        const out = new Float64Array(x.length)
        for (let g = 0; g < rule.count; g++) {
          const z = centre.map(
            (value, i) => value + rule.nodes[g] * Math.sqrt(Math.max(0, delta * trainingStep * spread[i])),
          )
          level.evaluate(z)
          for (let i = 0; i < z.length; i++) out[i] += rule.weights[g] * z[i]
        }
        return out
      }

      const levels: Level[] = [start]
      for (let n = 0; n < intervals; n++)
        for (let k = 1; k <= substeps; k++) {
          const t = k === substeps ? times[n + 1] : time((n + k / substeps) * step)
          const earlier = levels[levels.length - 1]
          levels.push(grid.level(t, advance(earlier, t, grid.nodes(t), times[n + 1] - times[n])))
        }
      return {
        functionEvaluations: 0,
        evaluate(t, x) {
          if (t === 0) return x.slice()
          const n = before(t)
          const level = levels.findLast((one) => one.time < t * (1 - 1e-12)) ?? start
          return advance(level, t, x, times[n + 1] - times[n])
        },
      }
    },
  }
}

/** a = (x − D)/t, 0 at t = 0. */
function velocity(density: Density, t: number, x: Float64Array): Float64Array {
  const out = new Float64Array(x.length)
  if (t === 0) return out
  density.denoiser(t, x, out)
  return out.map((value, i) => (x[i] - value) / t)
}

/** Cov(ε | X_t = x) = ∂D/∂x, by central differences. */
function covariance(density: Density, t: number, x: Float64Array): Float64Array {
  const h = 1e-4 * Math.hypot(density.moments.scale, t)
  const [below, above] = [-h, h].map((move) => {
    const out = new Float64Array(x.length)
    density.denoiser(
      t,
      x.map((value) => value + move),
      out,
    )
    return out
  })
  return above.map((value, i) => (value - below[i]) / (2 * h))
}
