import { InputError } from '../errors.ts'
import type { Marginal } from '../problem/densities/product-strata.ts'
import type { Density } from '../problem/density.ts'
import { orderStatistic } from './atoms.ts'
import { logMarginal, quantileMap } from './quantile.ts'
import type { ExactSolution } from './solution.ts'

/** A 1-D mixture: the quantile map, with slope f'(x) = p_t(x)/p₀(f(x)). */
export function ofLine(marginal: Marginal): ExactSolution {
  const map = quantileMap(marginal)
  const log = logMarginal(marginal)
  return {
    evaluate: (t, x) => x.map((value) => map(t, value)),
    flow: (t, u, x) => x.map((value) => map(t, value, u)),
    jacobian: (t, x) => x.map((value) => Math.exp(log(t, value) - log(0, map(t, value)))),
  }
}

/** Equal point masses on the line: f is piecewise constant, and the flow is defined between times above 0. */
export function ofAtoms(atoms: Marginal): ExactSolution {
  const start = orderStatistic(atoms.means)
  const map = quantileMap(atoms)
  const evaluate = (t: number, x: Float64Array) => x.map((value) => (t === 0 ? value : start(t, value)))
  return {
    evaluate,
    flow(t, u, x) {
      if (t === 0 && u > 0) throw new InputError('t', t, 'a time above 0: the data are points')
      return u === 0 ? evaluate(t, x) : x.map((value) => map(t, value, u))
    },
    jacobian: (t, x) => new Float64Array(x.length).fill(t === 0 ? 1 : 0),
  }
}

/** p_t(x)/p₀(f) for the images f of n points of a line. */
export function slopesOnLine(
  density: Pick<Density, 'logDensity'>,
  t: number,
  x: Float64Array,
  images: Float64Array,
): Float64Array {
  const [there, here] = [new Float64Array(x.length), new Float64Array(x.length)]
  density.logDensity?.(t, x, there)
  density.logDensity?.(0, images, here)
  return there.map((value, i) => Math.exp(value - here[i]))
}
