import type { Method, VeMap } from '../../src/consistency-function.ts'
import { checkInteger, checkNumber, InputError } from '../../src/errors.ts'
import type { Density } from '../../src/problem/density.ts'
import { pseudoHuberScale } from '../neural/pseudo-huber-scale.ts'
import { type ConditionalLaw, conditionalLaw } from './conditional-law.ts'
import { huberMap, medianMap } from './ct-line.ts'
import { componentsOf } from './gaussian-components.ts'
import { type Level, levelGrid, start } from './levels.ts'
import { type Location, mean, pseudoHuber } from './location.ts'
import { type Times, trainingTimes } from './times.ts'

export interface CtFixedPointOptions {
  /** N; default 64. */
  readonly intervals?: number
  /** Default l2. */
  readonly metric?: 'l2' | 'l1' | 'pseudo-huber'
  /** c of pseudo-huber, relative to √tr Cov(p_data); default that of the loss. */
  readonly metricScale?: number
  /**
   * Nodes an axis of the grid that holds f_n; default 4001 in 1-D, 161 in 2-D. In 1-D l1 needs no grid and pseudo-huber 401 nodes
   * for the inverse of f_n; with `nodes` both take that many, which makes l1 faster at many times.
   */
  readonly nodes?: number
}

/** The fixed point as a map that also knows its own scatter. */
export interface CtFixedPointMap extends VeMap {
  /** E|f_n(X_{t_n}) − f(t, x)|² given X_t = x, one value a row: what the loss cannot fall below. t above 0; l2 only. */
  scatter?(t: number, x: Float64Array): Float64Array
}

const EXTENT = { 1: 8, 2: 6 } as const
const NODES = { 1: 4001, 2: 161 } as const
// nodes of the Gauss–Hermite rule where the conditional law is wider than a cell, about one cell, and narrower
const ORDERS = { 1: [24, 8, 4], 2: [10, 6, 3] } as const
// from this c on, relative to √tr Cov, ψ is smooth enough for atoms, and f_n for a grid
const SMOOTH = 0.3
// c of the norm in more than one dimension, where the geometric median of atoms needs one
const SMALLEST = 1e-5

/**
 * What consistency training converges to with unlimited data and network, on the times θ_n = n θ_T/N of the loss `ct`: with the
 * squared norm f_{n+1}(x) = E[f_n(X_{t_n}) | X_{t_{n+1}} = x], with another metric another point of that law
 * (docs/mathematics.md §4.2, §4.3). By Gauss–Hermite quadrature of the exact conditional law and splines on a grid, in 1-D and 2-D,
 * for data made of Gaussians. In 2-D the norm is taken as √(s² + c²) with a tiny c.
 *
 * @throws InputError (from `solve`) for other data, or more than two dimensions
 * @example const f = await solve(problem, ctFixedPoint({ intervals: 16 }), { time: 5 })
 */
export function ctFixedPoint(options: CtFixedPointOptions = {}): Method {
  const { intervals = 64, metric = 'l2', nodes } = options
  checkInteger('intervals', intervals, 1, 2 ** 16)
  if (!['l2', 'l1', 'pseudo-huber'].includes(metric))
    throw new InputError('metric', metric, 'l2, l1 or pseudo-huber')
  const metricScale =
    metric === 'pseudo-huber'
      ? checkNumber('metricScale', options.metricScale ?? pseudoHuberScale, 0, 1e6, true)
      : 0
  if (nodes !== undefined) checkInteger('nodes', nodes, 8, 10_000)
  return {
    name: 'fixed-point:ct',
    options: {
      intervals,
      metric,
      ...(metric === 'pseudo-huber' && { metricScale }),
      ...(nodes && { nodes }),
    },
    target: 'map',
    random: false,
    solveVe(density, run): VeMap {
      const { dimension: d, moments } = density
      if (d > 2) throw new InputError('the dimension', d, '1 or 2: the fixed point is computed on a grid')
      const times = trainingTimes(moments.scale, run.time, intervals)
      const c = metricScale * Math.sqrt(moments.trace)
      if (d === 1 && (metric === 'l1' || (metric === 'pseudo-huber' && metricScale < SMOOTH))) {
        const components = componentsOf(density)
        const line =
          metric === 'l1' && nodes === undefined
            ? medianMap(components, times)
            : huberMap(components, times, c, rangeOf(density, components.means), nodes)
        return {
          functionEvaluations: 0,
          evaluate: (t, x) => (t === 0 ? x.slice() : line(t, x)),
        }
      }
      const location =
        metric === 'l2' ? mean : pseudoHuber(metric === 'l1' ? SMALLEST * Math.sqrt(moments.trace) : c)
      return gridMap(density, times, location, nodes ?? NODES[d as 1 | 2])
    },
  }
}

function gridMap(density: Density, times: Times, location: Location, nodes: number): CtFixedPointMap {
  const { moments } = density
  const d = density.dimension as 1 | 2
  const components = componentsOf(density)
  const grid = levelGrid(moments, EXTENT[d], nodes)
  const smallest = Math.sqrt(moments.eigenvalues[0])
  const value = new Float64Array(d)

  /** The conditional law of the partner of X_t, with as many atoms as its width asks for. */
  function lawAt(t: number, n: number): ConditionalLaw {
    const s = times.times[n]
    const wide = conditionalLaw(components, t, s, 1)
    const width = ((1 - wide.share) * wide.posterior.spread) / Math.hypot(smallest, s)
    const cells = n === 0 ? 0 : width / grid.spacing
    return conditionalLaw(components, t, s, ORDERS[d][cells > 1 ? 0 : cells > 0.25 ? 1 : 2])
  }

  /** Of every row of x, the location of f_n(X_{t_n}), and E|f_n − location|² where wanted. */
  function regress(level: Level, law: ConditionalLaw, x: Float64Array, scatter?: Float64Array): Float64Array {
    const out = new Float64Array(x.length)
    for (let row = 0; row < x.length; row += d) {
      const count = law.at(x, row)
      const atoms = law.atoms.subarray(0, count * d)
      level.evaluate(atoms)
      location(atoms, law.weights, count, d, value)
      out.set(value, row)
      if (!scatter) continue
      let sum = 0
      for (let k = 0; k < count; k++)
        for (let i = 0; i < d; i++) sum += law.weights[k] * (atoms[k * d + i] - value[i]) ** 2
      scatter[row / d] = sum
    }
    return out
  }

  const levels: Level[] = [start]
  for (let n = 0; n + 1 < times.intervals; n++) {
    const t = times.times[n + 1]
    levels.push(grid.level(t, regress(levels[n], lawAt(t, n), grid.nodes(t))))
  }

  function evaluate(t: number, x: Float64Array, scatter?: Float64Array): Float64Array {
    const n = times.before(t)
    return regress(levels[n], lawAt(t, n), x, scatter)
  }

  return {
    functionEvaluations: 0,
    evaluate: (t, x) => (t === 0 ? x.slice() : evaluate(t, x)),
    ...(location === mean && {
      scatter(t: number, x: Float64Array) {
        const out = new Float64Array(x.length / d)
        evaluate(t, x, out)
        return out
      },
    }),
  }
}

/** The means of the data and four times its spread beyond. */
function rangeOf({ moments }: Density, means: Float64Array): [number, number] {
  const beyond = 4 * moments.scale
  return [Math.min(...means) - beyond, Math.max(...means) + beyond]
}
