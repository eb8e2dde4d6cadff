import { Integrator, type Velocity } from '../../../src/characteristics/engine.ts'
import { chebyshevField, chebyshevNodes } from '../../../src/numeric/interpolation/chebyshev.ts'
import { fewestNodes, splineBasis } from '../../../src/numeric/interpolation/splines.ts'
import {
  evaluateExtended,
  type Field,
  tensorSplines,
} from '../../../src/numeric/interpolation/tensor-spline.ts'
import { rk4 } from '../../../src/numeric/tableaux/low-order.ts'
import { nodeCoordinates } from '../../../src/numeric/uniform-grid.ts'
import type { Discretisation, Scheme } from './scheme.ts'

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
    // positions, feet, coefficients; of the trace five slopes, a point and the next
    numbers: (dimension) => 10 * dimension,
    discretise: (grid, velocity) => backward(nodeCoordinates(grid), velocity, tensorSplines(grid, basis)),
  }
}

/**
 * Backward tracing: f at a node is f before the step at the foot of the node's characteristic, which one step of the classical
 * Runge–Kutta method finds. Beyond the box f is continued linearly.
 *
 * @param nodes [size, d] where the values of a state are taken
 * @param field the interpolant of node values
 */
function backward(
  nodes: Float64Array,
  velocity: Velocity,
  field: (f: Float64Array) => Field,
): Discretisation {
  const integrator = new Integrator(rk4, nodes.length, 1)
  const feet = new Float64Array(nodes.length)
  return {
    nodes,
    field,
    step(f, from, to) {
      feet.set(nodes)
      integrator.advance(velocity, to, from, feet)
      evaluateExtended(field(f), feet)
      f.set(feet)
    },
  }
}

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
