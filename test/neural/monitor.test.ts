import { describe, expect, it } from 'vitest'
import { trainedMap, trainingTarget } from '../../solvers/neural/model-method.ts'
import { BINS, createMonitor, monitorSize } from '../../solvers/neural/monitor.ts'
import { type TrainingOptions, trainingSettings } from '../../solvers/neural/settings.ts'
import { train } from '../../solvers/neural/train.ts'
import { certificate } from '../../src/certificate/certificate.ts'
import { createProblem } from '../../src/create/create-problem.ts'
import { carriedSample } from '../../src/metrics/carried-sample.ts'
import { errorStatistics } from '../../src/metrics/error-statistics.ts'
import { Random } from '../../src/random/random.ts'
import { pair, triple } from './problems.ts'

const small: TrainingOptions = { backend: 'simd', width: 16, layers: 2, batch: 128, steps: 400, rate: 0.02 }
const TIME = 5

const trained = (monitor: boolean, loss = 'pinn', problem = triple, options = small) =>
  train(problem.density, trainingSettings(loss, problem.density, options), { time: TIME, seed: 2, monitor })

describe('the monitor of a training', () => {
  it.each(['pinn', 'ct'])('changes nothing in it (%s)', async (loss) => {
    const [with_, without] = [await trained(true, loss), await trained(false, loss)]
    expect(with_.monitor?.points.length).toBeGreaterThan(5)
    expect(without.monitor).toBe(null)
    expect(with_.weights).toEqual(without.weights)
    expect(with_.curve).toEqual(without.curve)
    expect(with_.evaluations).toBe(without.evaluations)
  })

  it('records the error of the weights that are kept, and a residual whose area is their certificate', async () => {
    const { network, weights, monitor, ...rest } = await trained(true)
    const { density } = triple
    const target = trainingTarget('pinn', { metric: 'l2' }, 2)
    const map = trainedMap(network, weights, density.moments, { ...rest, backend: '' }, target)
    const sample = carriedSample(density, { time: TIME, count: 8000, intervals: 32, random: new Random(1) })
    const end = map.evaluate(TIME, sample.positions[32])
    const { relativeError } = errorStatistics(sample.x0, end, sample.weights, density.moments.trace)
    const last = monitor?.points.at(-1)
    expect(last?.step).toBe(400)
    expect(Math.abs((last?.error ?? 0) / relativeError - 1)).toBeLessThan(0.25)
    const { estimate } = certificate(map, density, sample)
    const area =
      ((last?.residual.reduce((a, b) => a + b, 0) ?? 0) * Math.atan2(TIME, density.moments.scale)) / BINS
    expect(Math.abs(area / estimate - 1)).toBeLessThan(0.3)
    // the same for any seed of the training, so that curves of seeds compare
    expect(monitor?.angles.length).toBe(BINS)
    expect(monitor?.points[0].error).toBeGreaterThan(last?.error as number)
  })

  it('goes on from what was recorded before an interruption', () => {
    const points = [{ step: 10, error: 0.5, residual: [1] }]
    const options = { time: TIME, steps: 200, batch: 64, weights: 1000, points }
    const monitor = createMonitor(pair.density, options)
    expect(monitor?.curve.points).toEqual(points)
    expect(monitor?.due(200)).toBe(true)
  })

  it('works where the data has no density: a score alone, point masses', async () => {
    const score = createProblem({
      process: { kind: 've' },
      data: { kind: 'expression', score: '-x/(4 + t^2)' },
    })
    const atoms = createProblem({
      process: { kind: 've' },
      data: { kind: 'mixture', weights: [0.5, 0.5], means: [-1, 1], stds: [0, 0] },
    })
    for (const problem of [score, atoms]) {
      const { monitor } = await trained(true, 'pinn', problem, { ...small, steps: 60 })
      for (const { error, residual } of monitor?.points ?? [])
        for (const value of [error, ...residual]) expect(Number.isFinite(value)).toBe(true)
      expect(monitor?.points.at(-1)?.step).toBe(60)
    }
  })
})

describe('the size of a monitor', () => {
  it('is every 5 % of a usual training, and less where a measurement is dear', () => {
    const usual = { steps: 12_000, batch: 512, weights: 51_000, terms: 5, dimension: 2 }
    expect(monitorSize(usual)).toEqual({ measurements: 20, trajectories: 1024, residuals: 128, stride: 8 })
    const short = monitorSize({ ...usual, steps: 100 })
    expect(short?.measurements).toBeLessThan(20)
    // ten thousand terms in 784 dimensions cannot be carried beside a short training
    expect(monitorSize({ ...usual, steps: 300, terms: 10_000, dimension: 784 })).toBe(null)
  })
})
