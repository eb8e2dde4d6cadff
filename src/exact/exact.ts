import type { Method } from '../consistency-function.ts'
import { InputError } from '../errors.ts'
import { applySpectral, type Moments } from '../numeric/moments.ts'
import type { Empirical } from '../problem/densities/empirical.ts'
import type { FormulaDensity } from '../problem/densities/formula/formula.ts'
import type { Mixture } from '../problem/densities/gaussian-sum.ts'
import type { Product } from '../problem/densities/product.ts'
import type { Radial } from '../problem/densities/radial.ts'
import type { Density } from '../problem/density.ts'
import { crossChecked } from './cross-check.ts'
import { formulaMap } from './formula.ts'
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

/**
 * f(t → u, x) = μ + (Σ + u² I)^{1/2} (Σ + t² I)^{-1/2} (x − μ), the two-time map of N(μ, Σ), u = 0 unless given
 * (docs/mathematics.md §3).
 */
export function gaussianMap(moments: Moments): (t: number, x: Float64Array, u?: number) => Float64Array {
  const { mean } = moments
  const d = mean.length
  return (t, x, u = 0) => {
    if (t === u) return x.slice()
    const out = x.map((value, i) => value - mean[i % d])
    applySpectral(moments, gaussianFactors(moments, t, u), out)
    return out.map((value, i) => value + mean[i % d])
  }
}

/** √((λ + u²)/(λ + t²)) for each eigenvalue λ of the covariance. */
function gaussianFactors({ eigenvalues }: Moments, t: number, u: number): Float64Array {
  return eigenvalues.map((value) => Math.sqrt((value + u * u) / (value + t * t)))
}

/** ∂f/∂x of the same for n points, [n, d, d]: one matrix for all. */
export function gaussianSlopes(moments: Moments, t: number, n: number): Float64Array {
  const d = moments.mean.length
  const matrix = Float64Array.from({ length: d * d }, (_, i) => Number(Math.floor(i / d) === i % d))
  if (t > 0) applySpectral(moments, gaussianFactors(moments, t, 0), matrix)
  const out = new Float64Array(n * d * d)
  for (let row = 0; row < n; row++) out.set(matrix, row * d * d)
  return out
}

/**
 * The Gaussian baseline: the exact map of the Gaussian with the data's mean and covariance. A method that is not
 * better than this has learned nothing beyond two moments.
 */
export function gaussianBaseline(): Method {
  return {
    name: 'gaussian',
    options: {},
    target: 'map',
    random: false,
    solveVe({ moments, dimension }) {
      const map = gaussianMap(moments)
      return {
        evaluate: (t, x) => map(t, x),
        flow: { evaluate: (t, u, x) => map(t, x, u) },
        jacobian: (t, x) => gaussianSlopes(moments, t, x.length / dimension),
        functionEvaluations: 0,
      }
    },
  }
}
