import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tensor2d } from '@tensorflow/tfjs-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { trainedMethod, trainModel } from '../../solvers/neural/index.ts'
import type { LossContext } from '../../solvers/neural/loss.ts'
import { cd, type StepSolver } from '../../solvers/neural/losses/cd.ts'
import { trainingSettings } from '../../solvers/neural/settings.ts'
import type { TrainingPoints } from '../../solvers/neural/training-points.ts'
import { useBackend } from '../../src/backend/index.ts'
import { createProblem } from '../../src/create/create-problem.ts'
import { exactMap } from '../../src/exact/exact.ts'
import type { Network } from '../../src/nn/networks.ts'
import { Random } from '../../src/random/random.ts'
import { exactNetwork } from './exact-network.ts'
import { contextOf } from './fixed-points.ts'
import { errors } from './map-error.ts'
import { pair, triple } from './problems.ts'

await useBackend('simd')

const TIME = 5
const INTERVALS = 6

/** Points of 1-D data at the times of the loss. */
function points(context: LossContext): TrainingPoints {
  const random = new Random(4)
  const theta = Float64Array.from({ length: 120 }, (_, i) => (1 + (i % INTERVALS)) * context.interval)
  return { theta, y: theta.map(() => random.normal()), weight: theta }
}

/** A network that is the backward steps composed, in float64. */
function composedNetwork(solver: StepSolver, context: LossContext): Network {
  const loss = cd(solver)
  const start = (n: number, y: number): number => {
    if (n === 0) return y
    const theta = Float64Array.of(n * context.interval)
    const { previous } = loss.prepareTargets({ theta, y: Float64Array.of(y), weight: theta }, context)
    return start(n - 1, previous[0])
  }
  return {
    ...context.network,
    forward(_, inputs) {
      const [rows, columns] = inputs.shape
      const values = inputs.dataSync()
      const F = Float32Array.from({ length: rows }, (_, i) => {
        const [y, theta] = [values[i * columns], values[i * columns + 5]]
        const n = Math.round(theta / context.interval)
        return n === 0 ? 0 : (start(n, y) - y) / Math.sin(theta) ** 2
      })
      return tensor2d(F, [rows, 1])
    },
  }
}

function largestResidual(solver: StepSolver, network: Network, context: LossContext): number {
  const loss = cd(solver)
  const batch = loss.batch(loss.prepareTargets(points(context), context), { ...context, network }, [], 0)
  const r = Float32Array.from(loss.residual(network, [], batch).dataSync())
  return r.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
}

describe('cd', () => {
  const { context } = contextOf(pair, 'cd', { time: TIME, intervals: INTERVALS })

  it.each(['euler', 'heun', 'exact'] as const)(
    'has the steps of %s composed as its fixed point',
    (solver) => {
      const network = composedNetwork(solver, context)
      expect(largestResidual(solver, network, context)).toBeLessThan(1e-5)
      for (const other of ['euler', 'heun', 'exact'] as const)
        if (other !== solver) expect(largestResidual(other, network, context)).toBeGreaterThan(1e-2)
    },
  )

  it('along the flow has the map itself as its fixed point, for six intervals', () => {
    const exact = exactNetwork(context)
    expect(largestResidual('exact', exact, context)).toBeLessThan(1e-4)
    expect(largestResidual('heun', exact, context)).toBeGreaterThan(1e-2)
    // and the composed steps are that map
    const map = exactMap(pair.density)
    const { coordinates, interval } = context
    const y = Float64Array.of(-1.7, -0.4, 0.1, 0.9)
    const x = new Float64Array(4)
    coordinates.toX(TIME, y, x)
    const truth = new Float64Array(4)
    coordinates.toY(0, map?.(TIME, x) ?? x, truth)
    let at = y
    for (let n = INTERVALS; n > 0; n--) {
      const theta = new Float64Array(4).fill(n * interval)
      at = Float64Array.from(cd('exact').prepareTargets({ theta, y: at, weight: theta }, context).previous)
    }
    for (let i = 0; i < 4; i++) expect(Math.abs(at[i] - truth[i])).toBeLessThan(1e-7)
  })

  it('along the flow takes every row from its own angle, in any dimension', () => {
    const { context } = contextOf(triple, 'cd', { time: TIME, intervals: 8 })
    const random = new Random(7)
    const theta = Float64Array.from({ length: 9 }, (_, i) => (1 + (i % 8)) * context.interval)
    const y = Float64Array.from({ length: 18 }, () => random.normal())
    const { previous } = cd('exact').prepareTargets({ theta, y, weight: theta }, context)
    for (let i = 0; i < 9; i++) {
      const [angle, row] = [theta.slice(i, i + 1), y.slice(2 * i, 2 * i + 2)]
      const one = cd('exact').prepareTargets({ theta: angle, y: row, weight: angle }, context).previous
      for (const j of [0, 1]) expect(Math.abs(previous[2 * i + j] - one[j])).toBeLessThan(1e-7)
    }
  })

  it('along the flow reaches point masses', () => {
    const atoms = createProblem({
      process: { kind: 've' },
      data: { kind: 'mixture', weights: [0.5, 0.5], means: [-1, 1], stds: [0, 0] },
    })
    const { context } = contextOf(atoms, 'cd', { time: TIME, intervals: INTERVALS })
    const theta = new Float64Array(3).fill(context.interval)
    const y = Float64Array.of(-1.2, -0.3, 0.8)
    const { previous } = cd('exact').prepareTargets({ theta, y, weight: theta }, context)
    for (const [i, side] of [-1, -1, 1].entries()) expect(Math.abs(previous[i] - side)).toBeLessThan(1e-4)
  })
})

describe('the target of cd', () => {
  const small = {
    time: TIME,
    width: 16,
    layers: 2,
    batch: 64,
    rate: 0.02,
    intervals: 16,
    backend: 'simd',
  } as const
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cd-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  const weightsOf = async (options: object) =>
    (await trainModel(pair, { ...small, loss: 'cd', steps: 6, monitor: false, ...options })).model.weights

  it('as a moving average without memory is the network itself', async () => {
    const plain = await weightsOf({})
    expect(await weightsOf({ target: 'ema', targetDecay: 0 })).toEqual(plain)
    expect(await weightsOf({ target: 'ema', targetDecay: 0.9 })).not.toEqual(plain)
  })

  it('as a moving average has the same fixed point: a short training comes near the map', async () => {
    const method = trainedMethod('cd', {
      ...small,
      steps: 250,
      solver: 'exact',
      target: 'ema',
      targetDecay: 0.8,
    })
    const { network, gaussian } = await errors(pair, method)
    expect(network).toBeLessThan(gaussian / 3)
  })

  it('as a moving average goes on from a checkpoint to the same bits', async () => {
    const run = {
      ...small,
      loss: 'cd',
      target: 'ema',
      steps: 120,
      monitor: false,
      checkpointEvery: 10,
    } as const
    const [whole, parts] = [join(folder, 'whole'), join(folder, 'parts')]
    await trainModel(pair, { ...run, out: whole })
    const controller = new AbortController()
    const interrupted = trainModel(pair, {
      ...run,
      out: parts,
      signal: controller.signal,
      onProgress: ({ done }) => {
        if (done > 0) controller.abort(new Error('interrupted'))
      },
    })
    await expect(interrupted).rejects.toThrow('interrupted')
    await trainModel(pair, { ...run, out: parts, resume: true })
    const weights = (out: string) => readFile(join(out, 'weights.safetensors'))
    expect(await weights(parts)).toEqual(await weights(whole))
  })

  it.each([
    ['pinn', { target: 'ema' }, /target is "ema"; expected stop-gradient: the loss pinn/],
    ['cd', { target: 'sgd' as never }, /target is "sgd"; expected one of stop-gradient, ema/],
    ['cd', { targetDecay: 1.1 }, /targetDecay is 1.1/],
    ['cd', { solver: 'rk4' as never }, /solver is "rk4"; expected one of euler, heun, exact/],
  ] as const)('of %s refuses %o', (loss, options, message) => {
    expect(() => trainingSettings(loss, pair.density, options)).toThrow(message)
  })
})
