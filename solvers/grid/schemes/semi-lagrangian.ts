import { fewestNodes, splineBasis } from '../interpolation/spline-basis.ts'
import { tensorSplines } from '../interpolation/tensor-spline.ts'
import { nodeCoordinates } from '../uniform-grid.ts'
import { backward } from './backward.ts'
import type { Scheme } from './scheme.ts'

/**
 * Backward semi-Lagrangian: characteristics traced from the nodes over one step, and a spline through the old values
 * (Sonnendrücker, Roche, Bertrand and Ghizzo 1999). No limit on the step from stability. The error of a step is O(h^(p+1)) for
 * degree p, so that at a fixed Courant number the order is p, and fourth in Δθ.
 */
export function semiLagrangian(degree: 3 | 5): Scheme {
  const basis = splineBasis(degree)
  return {
    name: degree === 3 ? 'semi-lagrangian-cubic' : 'semi-lagrangian-quintic',
    order: degree,
    orderInAngle: 4,
    fewestNodes: fewestNodes(degree),
    mostDimensions: 3,
    courant: 4,
    mostCourant: 100,
    options: { degree },
    // positions, feet, a point and four stages of the trace, coefficients
    numbers: (dimension) => 8 * dimension,
    discretise: (grid, velocity) => backward(nodeCoordinates(grid), velocity, tensorSplines(grid, basis)),
  }
}
