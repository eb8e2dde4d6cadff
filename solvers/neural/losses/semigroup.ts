import { type Tensor, tensor2d } from '@tensorflow/tfjs-core'
import { jump } from '../../../src/nn/flow-map.ts'
import { networkInputs } from '../../../src/nn/networks.ts'
import { type Batch, type Loss, type LossContext, valueResidual } from '../loss.ts'
import { column, type TrainingPoints } from '../training-points.ts'
import { withSampleVelocity } from '../velocity.ts'
import { meanSlope } from './eulerian.ts'
import { mostlyDiagonalArrival } from './time-laws.ts'

// Shortcut models (arXiv:2410.12557): durations θ_T/2^k, k = 0 … 6, below which the velocity stands for the jump; a quarter
// of the batch regresses on two jumps
const DURATIONS = 7
const SELF_SHARE = 0.25

/** What both have in common. */
const semigroup = {
  discrete: false,
  coupled: true,
  times: 2,
  prepareTargets: (points: TrainingPoints, { coordinates }: LossContext) =>
    withSampleVelocity(points, coordinates),
  batch: midpointBatch,
  residual: valueResidual,
} as const

/**
 * Semigroup self-distillation by midpoints: one jump θ → φ regresses on two jumps of the map itself, held fixed, by way of
 * (θ + φ)/2, and the diagonal on one sample of the noise (docs/mathematics.md §2.2 S and T). No derivative and no score. Fixed
 * point with the squared norm: the two-time map.
 */
export const psd: Loss = {
  ...semigroup,
  name: 'psd',
  source:
    'semigroup identity, midpoint, own diagonal trained by one sample of the noise: Boffi et al. 2025 (arXiv:2505.18825), PSD-M',
  arrival: mostlyDiagonalArrival,
  cause: () =>
    'It learns the velocity from one sample of the noise and long jumps from pairs of shorter ones: what remains is what the network could not fit, handed on from jump to jump.',
}

/**
 * Shortcut models: `psd` on durations θ_T/2^k and times that are multiples of them, so that both jumps have the duration
 * that was trained before. Other jumps are not trained: f(t → 0, x) is, at θ = θ_T/2^k only.
 */
export const shortcut: Loss = {
  ...semigroup,
  name: 'shortcut',
  source:
    'semigroup identity, dyadic, own diagonal trained by one sample of the noise: Frans et al. 2024 (arXiv:2410.12557), eqs. 4–5',
  cause: () =>
    'It is trained on durations θ_T/2^k, each from two jumps of half its length: what remains is what the network could not fit, handed on from jump to jump.',
  warning:
    'shortcut trains jumps of the durations θ_T/2^k: f(t, x) is trained at the largest time and at θ = θ_T/2^k, and only interpolated between.',
  angles(share, { largestAngle }, random) {
    if (random.uniform() >= SELF_SHARE) return [share * largestAngle, share * largestAngle]
    const parts = 2 ** random.integer(DURATIONS)
    const n = Math.floor(share * parts)
    return [((n + 1) * largestAngle) / parts, (n * largestAngle) / parts]
  },
}

/** The tensors of K F − w with K = (sin²θ − sin²φ)/(θ − φ): w is the mean velocity of the two jumps, or minus that of the sample. */
function midpointBatch(
  points: TrainingPoints,
  { network, coordinates }: LossContext,
  weights: readonly Tensor[],
): Batch {
  const { theta, y } = points
  const phi = column(points, 'arrival')
  const sample = column(points, 'velocity')
  const n = theta.length
  const d = coordinates.dimension
  const middle = theta.map((angle, i) => (angle + phi[i]) / 2)
  const half = jump(network, weights, coordinates, theta, middle, y)
  const reached = jump(network, weights, coordinates, middle, phi, half)
  const base = Float32Array.from(y, (value, i) => {
    const row = Math.floor(i / d)
    const duration = theta[row] - phi[row]
    return duration === 0 ? sample[i] : (value - reached[i]) / duration
  })
  return {
    inputs: networkInputs(theta, y, phi),
    factors: tensor2d(
      Float32Array.from(theta, (angle, i) => meanSlope(angle, phi[i])),
      [n, 1],
    ),
    base: tensor2d(base, [n, d]),
  }
}
