import { type Loss, valueResidual } from '../loss.ts'
import { column } from '../training-points.ts'
import { withSampleVelocity } from '../velocity.ts'
import { eulerianBatch } from './eulerian.ts'
import { mostlyDiagonalArrival } from './time-laws.ts'

/**
 * MeanFlow: the mean velocity ū = (f(t → u, x) − x)/(u − t) regresses on v − (t − u) dū/dt, the derivative along one sample of
 * the noise, held fixed (docs/mathematics.md §4.4). With the squared norm its fixed point is the two-time map; the paper's
 * adaptive weight, its default here, is biased (§4.3).
 */
export const meanflow: Loss = {
  name: 'meanflow',
  source:
    'Eulerian identity, continuous, held fixed, one sample of the noise: Geng et al. 2025 (arXiv:2505.13447), the MeanFlow identity',
  cause: () =>
    'Its target holds one sample of the noise: what remains is what the network could not fit through that, of all jumps and not only those to 0.',
  discrete: false,
  coupled: true,
  times: 2,
  metric: 'adaptive',
  arrival: mostlyDiagonalArrival,
  prepareTargets: (points, { coordinates }) => withSampleVelocity(points, coordinates),
  batch: (points, context, weights) => eulerianBatch(points, column(points, 'arrival'), context, weights),
  residual: valueResidual,
}
