import type { Method } from '../consistency-function.ts'
import { InputError } from '../errors.ts'
import type { Empirical } from '../problem/densities/empirical.ts'
import type { FormulaDensity } from '../problem/densities/formula/formula.ts'
import type { Mixture } from '../problem/densities/mixture.ts'
import type { Product } from '../problem/densities/product.ts'
import type { Radial } from '../problem/densities/radial.ts'
import type { Density } from '../problem/density.ts'
import { orderStatistic } from './atoms.ts'
import { formulaMap } from './formula.ts'
import { gaussianMap } from './gaussian.ts'
import { quantileMap } from './quantile.ts'
import { radialMap } from './radial.ts'

type ExactMap = (t: number, x: Float64Array) => Float64Array

/**
 * The exact consistency function, no solver involved (docs/mathematics.md §3): Gaussians in any dimension, mixtures,
 * formulas and empirical densities in 1-D, products of 1-D mixtures in a rotated basis, mixtures of spheres, point masses in 1-D.
 *
 * @throws InputError (from `solve`) where no exact map is known
 */
export function exact(): Method {
  return {
    name: 'exact',
    options: {},
    target: 'map',
    random: false,
    solveVe(density) {
      const evaluate = exactMap(density)
      if (!evaluate)
        throw new InputError(
          'method',
          'exact',
          `characteristics here: no exact map is known for ${density.kind} data in ${density.dimension} dimensions`,
        )
      return { evaluate, functionEvaluations: 0 }
    },
  }
}

/** The exact map of the VE problem with this density, or undefined where none is known. */
export function exactMap(density: Density): ExactMap | undefined {
  switch (density.kind) {
    case 'gaussian':
    case 'mixture':
      return ofMixture(density as Mixture)
    case 'product':
      return ofProduct(density as Product)
    case 'empirical':
      return ofEmpirical(density as Empirical)
    case 'formula':
      return density.dimension === 1 ? formulaMap(density as FormulaDensity) : undefined
    case 'radial':
      return radialMap(density as Radial)
    default:
      return undefined
  }
}

function ofMixture({ weights, means, components, moments, dimension }: Mixture): ExactMap | undefined {
  if (components.length === 1) return gaussianMap(moments)
  if (dimension > 1) return undefined
  const variances = Float64Array.from(components, ({ values }) => values[0])
  const map = quantileMap({ weights, means, variances })
  return (t, x) => x.map((value) => map(t, value))
}

function ofEmpirical({ points, bandwidth, dimension }: Empirical): ExactMap | undefined {
  if (dimension > 1) return undefined
  if (bandwidth === 0) {
    const map = orderStatistic(points)
    return (t, x) => x.map((value) => (t === 0 ? value : map(t, value)))
  }
  const map = quantileMap({
    weights: new Float64Array(points.length).fill(1 / points.length),
    means: points,
    variances: new Float64Array(points.length).fill(bandwidth * bandwidth),
  })
  return (t, x) => x.map((value) => map(t, value))
}

/** f(t, x) = Rᵀ q(t, R x), q the quantile map of each coordinate. */
function ofProduct({ marginals, rotation, dimension: d }: Product): ExactMap {
  const maps = marginals.map(quantileMap)
  return (t, x) => {
    const out = new Float64Array(x.length)
    for (let start = 0; start < x.length; start += d)
      for (let i = 0; i < d; i++) {
        let z = 0
        for (let j = 0; j < d; j++) z += rotation[i * d + j] * x[start + j]
        const value = maps[i](t, z)
        for (let j = 0; j < d; j++) out[start + j] += rotation[i * d + j] * value
      }
    return out
  }
}
