import { Integrator } from '../../src/characteristics/engine.ts'
import type { Method, VeMap } from '../../src/consistency-function.ts'
import { checkInteger, InputError } from '../../src/errors.ts'
import { gaussianCoordinates } from '../../src/nn/gaussian-coordinates.ts'
import { tableaux } from '../../src/numeric/tableaux/index.ts'
import { flowVelocity } from '../neural/velocity.ts'
import { trainingTimes } from './times.ts'

export interface CdFixedPointOptions {
  /** N; default 64. */
  readonly intervals?: number
  /** The one backward step; default heun. */
  readonly solver?: 'euler' | 'heun'
}

/**
 * What consistency distillation converges to with unlimited data and network: its backward steps composed,
 * f_{n+1} = f_n ∘ Step_{n+1} (docs/mathematics.md §4.1), in the coordinates (θ, y) and on the times θ_n = n θ_T/N of the loss
 * `cd`. Between two times the first step is a shorter one. In any dimension; no approximation but rounding.
 *
 * @example const f = await solve(problem, cdFixedPoint({ intervals: 16, solver: 'euler' }), { time: 5 })
 */
export function cdFixedPoint({ intervals = 64, solver = 'heun' }: CdFixedPointOptions = {}): Method {
  checkInteger('intervals', intervals, 1, 2 ** 16)
  if (solver !== 'euler' && solver !== 'heun') throw new InputError('solver', solver, 'euler or heun')
  return {
    name: 'fixed-point:cd',
    options: { intervals, solver },
    target: 'map',
    random: false,
    solveVe(density, { time }): VeMap {
      const coordinates = gaussianCoordinates(density.moments)
      const velocity = flowVelocity(density, coordinates)
      const { times, angle, before } = trainingTimes(density.moments.scale, time, intervals)

      const flow = (theta: number, y: Float64Array, out: Float64Array) => velocity.at(theta, y, out)

      return {
        get functionEvaluations() {
          return velocity.evaluations
        },
        evaluate(t, x) {
          if (t === 0) return x.slice()
          const y = new Float64Array(x.length)
          const integrator = new Integrator(tableaux[solver], x.length, 1)
          coordinates.toY(t, x, y)
          let theta = angle(t)
          for (let n = before(t); n >= 0; n--) {
            const earlier = angle(times[n])
            integrator.advance(flow, theta, earlier, y)
            theta = earlier
          }
          const out = new Float64Array(x.length)
          coordinates.toMap(y, out)
          return out
        },
      }
    },
  }
}
