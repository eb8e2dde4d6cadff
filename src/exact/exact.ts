import type { Method } from '../consistency-function.ts'
import { InputError } from '../errors.ts'
import type { Empirical } from '../problem/densities/empirical.ts'
import type { FormulaDensity } from '../problem/densities/formula/formula.ts'
import type { Mixture } from '../problem/densities/gaussian-sum.ts'
import type { Product } from '../problem/densities/product.ts'
import type { Radial } from '../problem/densities/radial.ts'
import type { Density } from '../problem/density.ts'
import { crossChecked } from './cross-check.ts'
import { formulaMap } from './formula.ts'
import { gaussianMap, gaussianSlopes } from './gaussian.ts'
import { lawMap } from './law.ts'
import { ofLine, slopesOnLine } from './line.ts'
import { ofProduct } from './product.ts'
import { radialMap } from './radial.ts'
import type { ExactSolution } from './solution.ts'

/**
 * The exact consistency function, no solver involved (docs/mathematics.md §3): Gaussians in any dimension, mixtures,
 * formulas and empirical densities in 1-D, products of 1-D mixtures in a rotated basis, mixtures of spheres, point masses in
 * 1-D. With its derivative ∂f/∂x in closed form, and, but for formulas, the two-time map f(t → u, x) in either direction.
 *
 * @throws InputError (from `solve`) where no exact map is known
 */
export function exact(): Method {
  return {
    name: 'exact',
    options: {},
    target: 'map',
    random: false,
    solveFlow: lawMap,
    solveVe(density) {
      const solution = exactSolution(density)
      if (!solution)
        throw new InputError(
          'method',
          'exact',
          `characteristics here: no exact map is known for ${density.kind} data in ${density.dimension} dimensions`,
        )
      const { jacobian, flow } = solution
      const computed = density.kind === 'formula' || density.kind === 'radial'
      const evaluate = computed ? crossChecked(density, solution) : solution.evaluate
      return { evaluate, jacobian, ...(flow && { flow: { evaluate: flow } }), functionEvaluations: 0 }
    },
  }
}

/** The exact map of the VE problem with this density, or undefined where none is known. */
export function exactMap(density: Density): ExactSolution['evaluate'] | undefined {
  return exactSolution(density)?.evaluate
}

/** The same with what else has a closed form. */
export function exactSolution(density: Density): ExactSolution | undefined {
  switch (density.kind) {
    case 'gaussian':
    case 'mixture':
      return ofMixture(density as Mixture)
    case 'product':
      return ofProduct(density as Product)
    case 'empirical':
      return ofEmpirical(density as Empirical)
    case 'formula':
      return density.dimension === 1 ? ofFormula(density as FormulaDensity) : undefined
    case 'radial':
      return ofRadial(density as Radial)
    default:
      return undefined
  }
}

function ofMixture(density: Mixture): ExactSolution | undefined {
  const { weights, means, components, moments, dimension } = density
  if (components.length === 1) {
    const map = gaussianMap(moments)
    return {
      evaluate: (t, x) => map(t, x),
      flow: (t, u, x) => map(t, x, u),
      jacobian: (t, x) => gaussianSlopes(moments, t, x.length / dimension),
    }
  }
  if (dimension > 1) return undefined
  return ofLine({ weights, means, variances: Float64Array.from(components, ({ values }) => values[0]) })
}

function ofEmpirical({ points, bandwidth, dimension }: Empirical): ExactSolution | undefined {
  if (dimension > 1) return undefined
  return ofLine({
    weights: new Float64Array(points.length).fill(1 / points.length),
    means: points,
    variances: new Float64Array(points.length).fill(bandwidth * bandwidth),
  })
}

function ofFormula(density: FormulaDensity): ExactSolution {
  const evaluate = formulaMap(density)
  return { evaluate, jacobian: (t, x) => slopesOnLine(density, t, x, evaluate(t, x)) }
}

function ofRadial(density: Radial): ExactSolution {
  const { evaluate, jacobian } = radialMap(density)
  return { evaluate: (t, x) => evaluate(t, x), flow: (t, u, x) => evaluate(t, x, u), jacobian }
}
