import type { Method, VeMap } from '../../src/consistency-function.ts'
import { checkInteger, InputError } from '../../src/errors.ts'
import { normalRule } from '../../src/numeric/gauss-quadrature.ts'
import type { Density } from '../../src/problem/density.ts'
import { LAST_TIME } from '../../src/problem/process.ts'
import { type Level, levelGrid, start } from './levels.ts'
import { trainingTimes } from './times.ts'

export interface ModifiedEquationOptions {
  /** N of the consistency training that the equation stands for; default 64. */
  readonly intervals?: number
  /** Whether the velocity is shifted by ½ Δt ȧ, the bias of an Euler step; default true. */
  readonly shift?: boolean
  /** Steps of the solver for each of the N; default 8, in 2-D 2. */
  readonly substeps?: number
  /** Nodes an axis; default 2001, in 2-D 161. */
  readonly nodes?: number
}

/**
 * The largest σ/α in deviations c of the data. Beyond, the last step is so long that the equation has lost sight of the fixed point, and the steps
 * of its solver of the equation: at 1000 c and N = 16 they are off by 5 %. Where a process ends in noise alone the step is infinite.
 */
export const MOST_DEVIATIONS = 300

// by dimension: how far the grid reaches, its nodes an axis, steps a training step, nodes an axis of the rule for a step's normal law
const EXTENT = [8, 6]
const NODES = [2001, 161]
const SUBSTEPS = [8, 2]
const ORDER = [6, 3]

/**
 * The modified equation of consistency training in 1-D and 2-D (docs/mathematics.md §4.2, eq. 7),
 * ∂f/∂t + (a + ½ Δt ȧ)·∇f = ½ Δt C:∇²f with Δt the local step t_{n+1} − t_n and C = Cov(ε|x): solved in its stochastic form, step by step
 * f(t, x) = E f(t − δ, X), X normal with the mean of Heun's step minus ½ Δt δ ȧ and the covariance δ Δt C, by a Gauss–Hermite rule and splines: stable for
 * any step and any C, which is a full matrix that varies with x. The error of a step is O(δ²): first order in δ, with a factor that vanishes with Δt.
 *
 * @throws InputError (from `solve`) for data in more than two dimensions, or σ/α above 300 deviations of the data at T
 */
export function modifiedEquation(options: ModifiedEquationOptions = {}): Method {
  const { intervals = 64, shift = true } = options
  checkInteger('intervals', intervals, 1, 2 ** 16)
  if (options.substeps !== undefined) checkInteger('substeps', options.substeps, 1, 1000)
  if (options.nodes !== undefined) checkInteger('nodes', options.nodes, 8, 100_000)
  return {
    name: 'modified-equation:ct',
    options: { ...options, intervals, shift },
    target: 'map',
    random: false,
    solveVe(density, run): VeMap {
      const { dimension, moments } = density
      if (dimension > 2)
        throw new InputError('the dimension', dimension, '1 or 2: the equation is solved on a grid')
      if (run.time > MOST_DEVIATIONS * moments.scale)
        throw new InputError(
          'σ/α at the time',
          run.time >= LAST_TIME ? Infinity : run.time,
          `at most ${MOST_DEVIATIONS * moments.scale}, ${MOST_DEVIATIONS} deviations of the data: for a longer last step the equation does not hold`,
        )
      const d = dimension
      const nodes = options.nodes ?? (NODES[d - 1] as number)
      const substeps = options.substeps ?? (SUBSTEPS[d - 1] as number)
      const { times, step, time, before } = trainingTimes(moments.scale, run.time, intervals)
      const grid = levelGrid(moments, EXTENT[d - 1] as number, nodes)
      const rule = normalRule(ORDER[d - 1] as number, d)

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
        const roots = covarianceRoots(density, (t + level.time) / 2, centre)
        const scale = Math.sqrt(delta * trainingStep)
        const out = new Float64Array(x.length)
        for (let g = 0; g < rule.count; g++) {
          const z = centre.slice()
          for (let at = 0; at < z.length; at++)
            for (let j = 0; j <= at % d; j++) z[at] += scale * roots[at * d + j] * rule.nodes[g * d + j]
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

/** L with L Lᵀ = C = Cov(ε | X_t = x) = ∂D/∂x, by central differences: [n, d, d], lower triangles, d at most 2. */
function covarianceRoots(density: Density, t: number, x: Float64Array): Float64Array {
  const d = density.dimension
  const h = 1e-4 * Math.hypot(density.moments.scale, t)
  const roots = new Float64Array(x.length * d)
  for (let j = 0; j < d; j++) {
    const [below, above] = [-h, h].map((move) => {
      const out = new Float64Array(x.length)
      density.denoiser(
        t,
        x.map((value, i) => (i % d === j ? value + move : value)),
        out,
      )
      return out
    })
    for (let i = 0; i < x.length; i++) roots[i * d + j] = (above[i] - below[i]) / (2 * h)
  }
  for (let at = 0; at < roots.length; at += d * d) {
    const first = Math.sqrt(Math.max(0, roots[at]))
    roots[at] = first
    if (d === 1) continue
    // the lower corner, of the two that differ by rounding
    const below = first > 0 ? roots[at + 2] / first : 0
    roots[at + 2] = below
    roots[at + 3] = Math.sqrt(Math.max(0, roots[at + 3] - below * below))
  }
  return roots
}
