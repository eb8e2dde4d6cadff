import { type Loss, valueResidual } from '../loss.ts'
import { withFlowVelocity, withSampleVelocity } from '../velocity.ts'
import { eulerianBatch } from './eulerian.ts'

// share of the training over which the tangent of the network is faded in: a tenth, as 10,000 steps of the paper
const WARM_UP = 0.1

/**
 * Continuous-time consistency models: the Eulerian residual, held fixed, as the direction in which the network moves, with
 * the normalised tangent g/(‖g‖ + 0.1) as metric and a warm-up of the tangent of the network (docs/mathematics.md §4.4). Our
 * (θ, y) is the paper's TrigFlow. Distillation takes the velocity from the exact score; its fixed point is the map itself.
 * Training takes it from one sample of the noise: with the squared norm its fixed point is the map too, with a noisier
 * target, but the normalised tangent is biased (§4.3).
 */
export function scm(velocity: 'score' | 'sample'): Loss {
  const sampled = velocity === 'sample'
  return {
    name: sampled ? 'scm-ct' : 'scm',
    source: `Eulerian identity, continuous, held fixed, ${sampled ? 'one sample of the noise' : 'exact score'}: Lu and Song 2024 (arXiv:2410.11081), continuous-time objective`,
    cause: () =>
      sampled
        ? 'Its target holds one sample of the noise: what remains is what the network could not fit through that.'
        : 'It follows the residual of the transport equation as a direction: what remains is what the network could not fit.',
    discrete: false,
    coupled: sampled,
    metric: 'tangent',
    prepareTargets: (points, context) =>
      sampled ? withSampleVelocity(points, context.coordinates) : withFlowVelocity(points, context.velocity),
    batch: (points, context, weights, progress) =>
      eulerianBatch(
        points,
        new Float64Array(points.theta.length),
        context,
        weights,
        Math.min(1, progress / WARM_UP),
      ),
    residual: valueResidual,
  }
}
