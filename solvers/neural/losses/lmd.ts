import { jump } from '../../../src/nn/flow-map.ts'
import { dualResidual, type Loss } from '../loss.ts'
import { column, withColumns } from '../training-points.ts'
import { lagrangianBatch } from './lagrangian.ts'
import { uniformArrival } from './time-laws.ts'

/**
 * Lagrangian map distillation with the exact score: ∂_u f(t → u, x) = a(u, f(t → u, x)), the velocity evaluated where the map
 * itself, held fixed, arrives. Fixed point: the two-time map. One evaluation of the score a point and step.
 */
export const lmd: Loss = {
  name: 'lmd',
  source:
    'Lagrangian identity, continuous, exact score: Boffi et al. 2024 (arXiv:2406.07507), Lagrangian map distillation',
  cause: () =>
    'It minimises the residual of the Lagrangian identity with the exact score: what remains is what the network could not fit, of all jumps and not only those to 0.',
  discrete: false,
  coupled: false,
  times: 2,
  arrival: uniformArrival,
  prepareTargets: (points) => withColumns(points),
  batch(points, { network, coordinates, velocity }, weights) {
    const { theta, y } = points
    const phi = column(points, 'arrival')
    const reached = jump(network, weights, coordinates, theta, phi, y)
    const target = new Float64Array(y.length)
    velocity.at(phi, reached, target)
    return lagrangianBatch(points, phi, target)
  },
  residual: dualResidual,
}
