import { checkDataSize, type RecordedData } from '../../specification/data.ts'
import type { Density } from '../density.ts'
import { empirical } from './empirical.ts'
import { gaussian, mixture } from './mixture.ts'
import { product } from './product.ts'
import { radial } from './radial.ts'

/** The density of a problem file where it is made of Gaussians and spheres, else null: what needs no formula and no network is read without them. */
export function closedFormDensity(spec: RecordedData): Density | null {
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
