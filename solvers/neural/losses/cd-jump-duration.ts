import { type Loss, type LossContext, valueResidual } from '../loss.ts'
import { column, type TrainingPoints } from '../training-points.ts'
import { regressionBatch } from './direct.ts'

/**
 * The note's modification of consistency distillation as it stands, |f(t_{n+1} − t_n, x_{t_{n+1}}) − x_{t_n}|²: the network of a
 * consistency function, with the duration as its input in place of the time. This is wrong. The flow is not autonomous, one duration from
 * two different times is two different jumps, and what is learned is their average (docs/mathematics.md §1.5). Points and
 * weights are those of `cd-jump`, which is right: on a 2-D mixture this had ten times its error.
 */
export const cdJumpDuration: Loss = {
  name: 'cd-jump-duration',
  source:
    "regression on two times of trajectories of the exact score, told their difference only: the note's modification of CD",
  cause: () =>
    'It is told the duration of a jump only, which does not fix it: what it learns is an average over the times at which the jump may start.',
  discrete: false,
  coupled: false,
  partner: 'earlier',
  warning:
    'cd-jump-duration tells the network the duration of a jump only, which does not fix it: the map is an average over start times (docs/mathematics.md §1.5). Use cd-jump.',
  prepareTargets: durationPoints,
  batch: (points) => regressionBatch(points, 'target'),
  residual: valueResidual,
}

/** θ and y of x_t at the time t − u, and Λ^{−1/2} Vᵀ (x_u − μ); weighted by cos²φ, so that late arrivals do not count more. */
function durationPoints(points: TrainingPoints, { coordinates }: LossContext): TrainingPoints {
  const { theta, y } = points
  const phi = column(points, 'arrival')
  const { deviations, dimension: d } = coordinates
  const [t, u] = [theta, phi].map((angles) => angles.map(coordinates.time))
  const durations = t.map((time, i) => Math.max(0, time - u[i]))
  const x = new Float64Array(y.length)
  const moved = new Float64Array(y.length)
  coordinates.toX(t, y, x)
  coordinates.toY(durations, x, moved)
  const target = column(points, 'earlier').map((value, i) => {
    const deviation = deviations[i % d]
    // without extent f is the mean, whatever the network says
    return deviation > 0 ? (value * Math.hypot(deviation, u[Math.floor(i / d)])) / deviation : moved[i]
  })
  return {
    theta: durations.map(coordinates.angle),
    y: moved,
    weight: points.weight.map((w, i) => w * Math.cos(phi[i]) ** 2),
    target,
  }
}
