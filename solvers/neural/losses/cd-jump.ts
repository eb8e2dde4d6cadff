import { tensor2d } from '@tensorflow/tfjs-core'
import { gap } from '../../../src/nn/flow-map.ts'
import { networkInputs } from '../../../src/nn/networks.ts'
import { type Loss, valueResidual } from '../loss.ts'
import { column, withColumns } from '../training-points.ts'

/**
 * The note's modification of consistency distillation with both times: |f(t_{n+1} → t_n, x_{t_{n+1}}) − x_{t_n}|² for any two times
 * of a solved trajectory, half of them with t_n = 0 and more of the others near it, in the coordinates y of the arrival. Fixed point: the two-time map,
 * to the order 4 of the steps that carry the points (docs/mathematics.md §1.5).
 */
export const cdJump: Loss = {
  name: 'cd-jump',
  source:
    "regression on two times of trajectories of the exact score: the note's modification of CD, corrected; two-time flow maps as in Boffi et al. 2024 (arXiv:2406.07507)",
  cause: () =>
    'It regresses on two times of solved trajectories: what remains is what the network could not fit, of all jumps and not only those to 0.',
  discrete: false,
  coupled: false,
  partner: 'earlier',
  times: 2,
  prepareTargets: (points) => withColumns(points, 'earlier', 'arrival'),
  batch(points) {
    const { theta, y } = points
    const earlier = column(points, 'earlier')
    const phi = column(points, 'arrival')
    const n = theta.length
    return {
      inputs: networkInputs(theta, y, phi),
      factors: tensor2d(
        Float32Array.from(theta, (angle, i) => gap(angle, phi[i])),
        [n, 1],
      ),
      base: tensor2d(
        Float32Array.from(y, (value, i) => value - earlier[i]),
        [n, y.length / n],
      ),
    }
  },
  residual: valueResidual,
}
