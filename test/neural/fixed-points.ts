import { type Tensor, tensor2d, tidy } from '@tensorflow/tfjs-core'
import type { Loss, LossContext } from '../../solvers/neural/loss.ts'
import { type LossName, losses, type StepSolver } from '../../solvers/neural/losses/index.ts'
import { freshPoints, pointSource } from '../../solvers/neural/points/index.ts'
import { trainingSettings } from '../../solvers/neural/settings.ts'
import type { TrainingPoints } from '../../solvers/neural/training-points.ts'
import { flowVelocity } from '../../solvers/neural/velocity.ts'
import { gaussianCoordinates } from '../../src/nn/gaussian-coordinates.ts'
import { createNetwork, type Network, weightVariable } from '../../src/nn/networks.ts'
import type { Problem } from '../../src/problem/problem.ts'
import { Random } from '../../src/random/random.ts'

/** A small network for a loss, zero weights for it, and what the loss works with up to a time. */
export function contextOf(
  { density, dimension }: Problem,
  name: LossName,
  options: { readonly time: number; readonly intervals: number },
) {
  const coordinates = gaussianCoordinates(density.moments)
  const { times }: Loss = losses[name]({ solver: 'heun' })
  const network = createNetwork({ kind: 'mlp', dimension, width: 12, layers: 2, ...(times && { times }) })
  const largestAngle = coordinates.angle(options.time)
  const context: LossContext = {
    coordinates,
    velocity: flowVelocity(density, coordinates),
    network,
    largestAngle,
    interval: largestAngle / options.intervals,
  }
  const zeros = network.parameters.map(({ shape }) =>
    weightVariable(new Float32Array(shape.reduce((product, size) => product * size, 1)), shape),
  )
  return { context, zeros }
}

/** Fresh points of a loss at a progress of the training. */
export function draw(
  problem: Problem,
  name: LossName,
  context: LossContext,
  { batch, seed, progress = 0 }: { batch: number; seed: number; progress?: number },
): TrainingPoints {
  const loss = losses[name]({ solver: 'heun' })
  const { largestAngle } = context
  return freshPoints(problem.density, loss, context, { batch, largestAngle, random: new Random(seed) }).next(
    progress,
  )
}

/** Points of a loss as its default settings choose them. */
export async function drawDefault(
  problem: Problem,
  name: LossName,
  context: LossContext,
  batch: number,
  solver: StepSolver = 'heun',
) {
  const loss = losses[name]({ solver })
  const settings = trainingSettings(name, problem.density, { steps: 20, batch })
  const { largestAngle } = context
  const source = pointSource(problem.density, loss, context, {
    settings,
    largestAngle,
    seed: 1,
    random: new Random(1),
    from: 0,
  })
  await source.prepare(0, () => Promise.resolve())
  return source.next(0)
}

/** r of the present weights. */
export function residualOf(
  name: LossName,
  context: LossContext,
  weights: readonly Tensor[],
  points: TrainingPoints,
): Float32Array {
  const loss = losses[name]({ solver: 'heun' })
  const r = tidy(() => loss.residual(context.network, weights, loss.batch(points, context, weights, 1)))
  return Float32Array.from(r.dataSync())
}

/** A network whose map is linear in every coordinate, Y = gain(θ, φ)_j y_j, where Y = y + factor(θ, φ) F. */
export function linearNetwork(
  like: Network,
  gain: (theta: number, phi: number, j: number) => number,
  factor: (theta: number, phi: number) => number,
): Network {
  const d = like.architecture.dimension
  return {
    ...like,
    forward(_, inputs) {
      const rows = inputs.dataSync()
      const [n, columns] = inputs.shape
      const F = new Float32Array(n * d)
      for (let i = 0; i < n; i++) {
        // the fifth feature of a time is its angle
        const theta = rows[i * columns + d + 4]
        const phi = columns > d + 7 ? rows[i * columns + d + 11] : 0
        if (theta === phi) continue
        for (let j = 0; j < d; j++)
          F[i * d + j] = ((gain(theta, phi, j) - 1) / factor(theta, phi)) * rows[i * columns + j]
      }
      return tensor2d(F, [n, d])
    },
  }
}

/** E[r g] of every coordinate of r, in standard errors, for g = 1 and the coordinates of y. */
export function momentsInErrors(r: ArrayLike<number>, y: Float64Array, d = 2): number[] {
  const n = y.length / d
  const tests = [() => 1, ...Array.from({ length: d }, (_, k) => (i: number) => y[d * i + k])]
  return Array.from({ length: d }, (_, j) => j).flatMap((j) =>
    tests.map((g) => {
      let mean = 0
      let square = 0
      for (let i = 0; i < n; i++) {
        const term = r[d * i + j] * g(i)
        mean += term / n
        square += term ** 2 / n
      }
      return Math.abs(mean) / Math.sqrt(square / n)
    }),
  )
}
