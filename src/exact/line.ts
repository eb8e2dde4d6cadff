import { InputError } from '../errors.ts'
import type { Marginal } from '../problem/densities/product-strata.ts'
import type { Density } from '../problem/density.ts'
import { pointMasses } from './atoms.ts'
import { logMarginal, quantileMap } from './quantile.ts'
import type { ExactSolution } from './solution.ts'

/**
 * A 1-D mixture: the quantile map, with slope f'(x) = p_t(x)/p₀(f(x)). With point masses in it f is constant where it is one of them, and
 * the flow is defined between times above 0.
 */
export function ofLine(marginal: Marginal): ExactSolution {
  const map = quantileMap(marginal)
  const start = startMap(marginal)
  const slope = lineSlope(marginal)
  return {
    evaluate: (t, x) => x.map((value) => start(t, value)),
    flow(t, u, x) {
      checkStart(marginal, t, u)
      return x.map((value) => (u === 0 ? start(t, value) : map(t, value, u)))
    },
    jacobian: (t, x) => x.map((value) => slope(t, value, start(t, value))),
  }
}

/** f(t, x) of a 1-D mixture, each component of which may be a point mass. */
export function startMap(marginal: Marginal): (t: number, x: number) => number {
  const every = marginal.variances.every((variance, k) => variance === 0 || marginal.weights[k] === 0)
  const map = every ? pointMasses(marginal) : quantileMap(marginal)
  return (t, x) => (t === 0 ? x : map(t, x))
}

/** p_t(x)/p₀(y) where y = f(t, x): 0 where y is a point mass. */
export function lineSlope(marginal: Marginal): (t: number, x: number, y: number) => number {
  const log = logMarginal(marginal)
  return (t, x, y) => (t === 0 ? 1 : Math.exp(log(t, x) - log(0, y)))
}

/** @throws InputError for a flow that starts at t = 0 from point masses */
export function checkStart({ weights, variances }: Marginal, t: number, u: number): void {
  if (t === 0 && u > 0 && variances.some((variance, k) => variance === 0 && weights[k] > 0))
    throw new InputError('t', t, 'a time above 0: some of the data are points')
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
