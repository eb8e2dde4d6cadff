import {
  add,
  concat,
  mean,
  type Scalar,
  square,
  type Tensor,
  tensor2d,
  tidy,
  variableGrads,
  zeros as zeroTensor,
} from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import type { LossContext } from '../../solvers/neural/loss.ts'
import { karrasTimes } from '../../solvers/neural/losses/ict.ts'
import { type LossName, losses, lossNames, type StepSolver } from '../../solvers/neural/losses/index.ts'
import type { TrainingPoints } from '../../solvers/neural/training-points.ts'
import { useBackend } from '../../src/backend/index.ts'
import { type Network, networkInputs, weightVariable } from '../../src/nn/networks.ts'
import type { Problem } from '../../src/problem/problem.ts'
import { exactNetwork } from '../neural/exact-network.ts'
import { contextOf, draw, drawDefault, linearNetwork, momentsInErrors } from '../neural/fixed-points.ts'
import { normal, pair } from '../neural/problems.ts'

await useBackend('cpu')

const horizon = { time: 8, intervals: 16 }
const unit = normal.density.moments.scale / 0.5
const squareSine = (theta: number) => Math.sin(theta) ** 2

/** What a loss converges to with the squared norm, and on which points that is tested. */
interface FixedPoint {
  readonly problem: Problem
  readonly options?: { readonly time: number; readonly intervals: number }
  readonly solver?: StepSolver
  network(context: LossContext): Network
  points(name: LossName, context: LossContext): TrainingPoints | Promise<TrainingPoints>
  /** Whether the residual is 0 in every point there, or on average given y: where a loss has one sample of the noise. */
  readonly residual: 'zero' | 'mean'
}

/** The exact map of a mixture, where the residual is 0. */
const exactMap: FixedPoint = {
  problem: pair,
  network: exactNetwork,
  points: (name, context) => drawDefault(pair, name, context, 300),
  residual: 'zero',
}

/** The exact map of a mixture, where the residual has mean 0 given y. */
const exactMapOnAverage: FixedPoint = {
  ...exactMap,
  points: (name, context) => draw(pair, name, context, { batch: 3000, seed: 4, progress: 1 }),
  residual: 'mean',
}

/** For Gaussian data E[X_s | X_t] is the Euler step in t: the steps composed, as factors of y at ascending times. */
function eulerGains(times: readonly number[]): number[][] {
  const { eigenvalues } = normal.density.moments
  const gains = [[1, 1]]
  for (let n = 1; n < times.length; n++) {
    const [s, t] = [times[n - 1], times[n]]
    const last = gains[n - 1]
    gains.push(
      Array.from(
        eigenvalues,
        (lambda, j) => (last[j] * (lambda + s * t)) / Math.sqrt((lambda + s * s) * (lambda + t * t)),
      ),
    )
  }
  return gains
}

/** The composed Euler steps on a grid of angles. */
function eulerSteps({ network }: LossContext, angles: readonly number[], gains: number[][]): Network {
  const nearest = (theta: number) =>
    angles.reduce(
      (best, angle, n) => (Math.abs(angle - theta) < Math.abs(angles[best] - theta) ? n : best),
      0,
    )
  return linearNetwork(network, (theta, _, j) => gains[nearest(theta)][j], squareSine)
}

function coupledPoints(batch: number): FixedPoint['points'] {
  return (name, context) => draw(normal, name, context, { batch, seed: 5 })
}

/** The fixed point of every loss. A new loss has a line here. */
const fixedPoints = {
  pinn: exactMap,
  // with a step along the flow itself; the others below
  cd: {
    ...exactMap,
    solver: 'exact',
    points: (name, context) => drawDefault(pair, name, context, 300, 'exact'),
  },
  direct: exactMap,
  lmd: exactMap,
  scm: exactMap,
  'cd-jump': exactMap,
  'scm-ct': exactMapOnAverage,
  lsd: exactMapOnAverage,
  psd: exactMapOnAverage,
  shortcut: exactMapOnAverage,
  meanflow: exactMapOnAverage,
  // docs/mathematics.md §4, eq. 7
  ct: {
    problem: normal,
    residual: 'mean',
    network(context) {
      const angles = Array.from({ length: horizon.intervals + 1 }, (_, n) => n * context.interval)
      return eulerSteps(context, angles, eulerGains(angles.map(context.coordinates.time)))
    },
    points: coupledPoints(30_000),
  },
  ict: {
    problem: normal,
    options: { time: 10 * unit, intervals: 1 },
    residual: 'mean',
    network(context) {
      const times = Array.from(karrasTimes(10, 10), (sigma) => sigma * unit)
      return eulerSteps(context, times.map(context.coordinates.angle), eulerGains(times))
    },
    points: coupledPoints(30_000),
  },
  // at first r = 0 for times up to here, and the target is the data itself: the denoiser
  ect: {
    problem: normal,
    options: { time: 1.9 * unit, intervals: 1 },
    residual: 'mean',
    network: ({ network, coordinates }) =>
      linearNetwork(
        network,
        (theta, _, j) => {
          const lambda = normal.density.moments.eigenvalues[j]
          return Math.sqrt(lambda / (lambda + coordinates.time(theta) ** 2))
        },
        squareSine,
      ),
    points: coupledPoints(30_000),
  },
  // G = sinθ cos²θ F is what the denoiser adds to that of the Gaussian (docs/mathematics.md §7.4)
  score: {
    problem: pair,
    residual: 'mean',
    network: denoiserNetwork,
    points: (name, context) => draw(pair, name, context, { batch: 30_000, seed: 5 }),
  },
  // an average over start times, no map; where all arrive at 0 the duration is the time, and it is the map
  'cd-jump-duration': {
    ...exactMap,
    points(_, context) {
      const theta = Float64Array.from({ length: 200 }, (__, i) => (context.largestAngle * (i + 1)) / 200)
      const y = theta.map((___, i) => 1.6 * Math.sin(i))
      const inputs = { theta, y, weight: theta, arrival: theta.map(() => 0) }
      const F = exactNetworkValues(context, theta, y)
      const earlier = y.map((value, i) => value + squareSine(theta[i]) * F[i])
      return losses['cd-jump-duration']().prepareTargets({ ...inputs, earlier }, context)
    },
  },
} satisfies Record<LossName, FixedPoint>

function exactNetworkValues(context: LossContext, theta: Float64Array, y: Float64Array): ArrayLike<number> {
  const { network } = contextOf(pair, 'direct', horizon).context
  const inputs = networkInputs(theta, y)
  return exactNetwork({ ...context, network })
    .forward([], inputs)
    .dataSync()
}

/** F of the exact denoiser in 1-D. */
function denoiserNetwork({ network, coordinates }: LossContext): Network {
  const { moments } = coordinates
  const [mean, deviation] = [moments.mean[0], coordinates.deviations[0]]
  return {
    ...network,
    forward(_, inputs) {
      const rows = inputs.dataSync()
      const [n, columns] = inputs.shape
      const y = Float64Array.from({ length: n }, (__, i) => rows[i * columns])
      // the fifth feature of a time is its angle
      const theta = Float64Array.from({ length: n }, (__, i) => rows[i * columns + 5])
      const times = theta.map(coordinates.time)
      const x = new Float64Array(n)
      coordinates.toX(times, y, x)
      const D = new Float64Array(n)
      pair.density.denoiser(times, x, D)
      const F = D.map((value, i) => {
        const [t, s] = [times[i], deviation]
        const G = (((value - mean) * Math.hypot(s, t)) / s - s * y[i]) / t
        return G / (Math.sin(theta[i]) * Math.cos(theta[i]) ** 2)
      })
      return tensor2d(Float32Array.from(F), [n, 1])
    },
  }
}

/** F + ε with one weight, ε. */
function shifted(network: Network): Network {
  return {
    ...network,
    forward: ([shift], inputs) => add(network.forward([], inputs), shift),
    dualForward: ([shift], inputs) =>
      tidy(() => {
        const F = network.dualForward([], inputs)
        const half = [F.shape[0] / 2, F.shape[1]] as [number, number]
        return add(F, concat([add(zeroTensor(half), shift), zeroTensor(half)]))
      }),
  }
}

const meanSquare = (r: Tensor): Scalar => mean(square(r))

describe.each(lossNames)('%s', (name) => {
  const fixed: FixedPoint = fixedPoints[name]
  const loss = losses[name]({ solver: fixed.solver ?? 'heun' })
  const prepared = async () => {
    const { context, zeros } = contextOf(fixed.problem, name, fixed.options ?? horizon)
    const points = await fixed.points(name, context)
    return { points, zeros, plain: context, exact: { ...context, network: fixed.network(context) } }
  }
  const residual = (context: LossContext, points: TrainingPoints, weights: readonly Tensor[]) =>
    loss.residual(context.network, weights, loss.batch(points, context, weights, 1))

  it('carries its own name and a source', () => {
    expect(loss.name).toBe(name)
    expect(loss.source.length).toBeGreaterThan(20)
  })

  it('has its residual at 0 in its fixed point, and only there', async () => {
    const { points, exact, plain, zeros } = await prepared()
    const [r, other] = [exact, plain].map((context) =>
      Array.from(tidy(() => residual(context, points, zeros)).dataSync()),
    )
    if (fixed.residual === 'zero') {
      for (const value of r) expect(Math.abs(value)).toBeLessThan(2e-4)
      expect(Math.max(...other.map(Math.abs))).toBeGreaterThan(0.05)
      return
    }
    const d = fixed.problem.dimension
    const flow = new Float64Array(points.y.length)
    plain.velocity.at(points.theta, points.y, flow)
    const tests = d === 1 ? [points.y, flow, points.y.map((y) => y ** 3 - 3 * y)] : [points.y]
    const errors = (values: number[]) => tests.flatMap((g) => momentsInErrors(values, g, d))
    for (const value of errors(r)) expect(value).toBeLessThan(4.5)
    expect(Math.max(...errors(other))).toBeGreaterThan(8)
  })

  it('pulls a network that is off by a constant back to its fixed point', async () => {
    const { points, exact } = await prepared()
    const context = { ...exact, network: shifted(exact.network) }
    for (const away of [0.5, -0.5]) {
      const shift = weightVariable(Float32Array.of(away), [])
      const { grads } = variableGrads(() => meanSquare(residual(context, points, [shift])), [shift])
      expect(Math.sign(grads[shift.name].dataSync()[0])).toBe(Math.sign(away))
    }
  })
})

// in the exact map a step of order p leaves u(θ_{n+1}, y) − u(θ_n, ŷ_n) = O(h^{p+1}), divided by h
describe.each(Object.entries({ euler: 1, heun: 2 } satisfies Record<Exclude<StepSolver, 'exact'>, number>))(
  'cd with a step of %s',
  (solver, order) => {
    it(`leaves a residual of order ${order} in the exact map`, () => {
      const loss = losses.cd({ solver: solver as StepSolver })
      const size = (intervals: number) => {
        const { context, zeros } = contextOf(pair, 'cd', { ...horizon, intervals })
        const exact = { ...context, network: exactNetwork(context) }
        const theta = Float64Array.from(
          { length: 240 },
          (_, i) => (context.largestAngle * (4 + (i % 8))) / 16,
        )
        const y = theta.map((_, i) => 2 * Math.sin(i))
        const points = loss.prepareTargets({ theta, y, weight: theta }, exact)
        const r = tidy(() => loss.residual(exact.network, zeros, loss.batch(points, exact, zeros, 1)))
        return Math.sqrt(meanSquare(r).dataSync()[0])
      }
      expect(Math.abs(Math.log2(size(32) / size(64)) - order)).toBeLessThan(0.25)
    })
  },
)
