import { chebyshevField, chebyshevNodes } from '../../../src/numeric/interpolation/chebyshev.ts'
import type { Scheme } from './scheme.ts'
import { backward } from './semi-lagrangian.ts'

/**
 * Collocation at Chebyshev–Lobatto nodes, moved by backward tracing: spectral in space, fourth order in Δθ, for smooth f in one and
 * two dimensions. Traced rather than differentiated, because flow comes in through parts of the boundary, where a
 * collocated derivative is unstable, and because no limit of order 1/n² then binds the step. Where f has layers
 * it oscillates.
 */
export const chebyshevScheme: Scheme = {
  name: 'chebyshev',
  order: Number.POSITIVE_INFINITY,
  orderInAngle: 4,
  fewestNodes: 8,
  mostDimensions: 2,
  courant: 1,
  mostCourant: 100,
  options: {},
  // positions, feet, coefficients; of the trace five slopes, a point and the next
  numbers: (dimension) => 10 * dimension,
  discretise: (grid, velocity) => backward(chebyshevNodes(grid), velocity, (f) => chebyshevField(grid, f)),
}
