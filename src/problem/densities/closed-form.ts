import { BadInput } from '../../io/bad-input.ts'
import type { ProblemRecord } from '../../specification.ts'
import type { Density } from '../density.ts'
import { empirical } from './empirical.ts'
import { gaussian, mixture } from './mixture.ts'
import { product } from './product.ts'
import { radial } from './radial.ts'

/** The density of a problem file where it is made of Gaussians and spheres, else null: what needs no formula and no network is read without them. */
export function closedFormDensity(spec: ProblemRecord['data']): Density | null {
  checkDataSize(spec)
  switch (spec.kind) {
    case 'gaussian':
      return gaussian(spec)
    case 'mixture':
      return mixture(spec)
    case 'product':
      return product(spec)
    case 'empirical':
      return empirical(spec)
    case 'radial':
      return radial(spec)
    default:
      return null
  }
}

/** Of all covariances of a density together, in float64. */
const MOST_BYTES = 2 ** 30
const BYTES = 8

/**
 * Refuses data whose covariances would take more than 1 GB, before any of them is made. Every density has one of d × d numbers, a
 * mixture one for each component.
 *
 * @throws InputError with the number of bytes
 */
function checkDataSize(spec: ProblemRecord['data']): void {
  const [count, dimension] = sizesOf(spec)
  const bytes = BYTES * count * dimension ** 2
  if (bytes <= MOST_BYTES) return
  const what = count > 1 ? `${count} components in ${dimension} dimensions` : `${dimension} dimensions`
  throw new BadInput(
    'problem.data',
    `has ${what}, whose covariances take ${(bytes / 1e9).toPrecision(3)} GB`,
    `data whose covariances take at most ${(MOST_BYTES / 1e9).toPrecision(2)} GB`,
  )
}

/** Covariances that are kept, and their dimension. */
function sizesOf(spec: ProblemRecord['data']): readonly [number, number] {
  switch (spec.kind) {
    case 'gaussian':
      return [1, spec.mean.length]
    case 'mixture': {
      const [count, d] = [spec.means.length, spec.means[0].length]
      // factors and their transposes in place of covariances
      const rank = spec.factors?.[0][0].length ?? d
      return [Math.max(1, Math.ceil(count * Math.min(1, (2 * rank) / d))), d]
    }
    case 'product':
      return [1, spec.marginals.length]
    case 'expression':
      return [1, typeof spec.score === 'string' ? 1 : spec.score.length]
    case 'empirical':
      return [1, spec.points?.[0].length ?? 1]
    case 'radial':
      return [1, spec.dimension]
    case 'neural':
      return [1, spec.mean?.length ?? 1]
    default:
      // formulas in at most two coordinates, and functions, which are refused
      return [1, 1]
  }
}
