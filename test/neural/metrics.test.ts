import { sum, variableGrads } from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import { consistencyTraining, trainedMethod } from '../../solvers/neural/index.ts'
import { type MetricName, metrics } from '../../solvers/neural/metrics.ts'
import { trainingTarget } from '../../solvers/neural/model-method.ts'
import { trainingSettings } from '../../solvers/neural/settings.ts'
import { useBackend } from '../../src/backend/index.ts'
import { createProblem } from '../../src/create/create-problem.ts'
import { weightVariable } from '../../src/nn/networks.ts'
import { Random } from '../../src/random/random.ts'
import { pair } from './problems.ts'

await useBackend('cpu')

/** M'(s) of each metric, from its gradient. */
function slopes(name: MetricName, s: readonly number[], c: number, p: number): Float32Array {
  const at = weightVariable(Float32Array.from(s), [s.length])
  const { grads } = variableGrads(() => sum(metrics[name].value(at, c, p)), [at])
  return grads[at.name].dataSync() as Float32Array
}

describe('the metrics', () => {
  it('regress on a noisy target to what they say: mean, median or between', () => {
    // the target is 0 with probability 0.7 and 1 with 0.3; E d/dm M((m − target)²) has its zero at the fixed point
    const force = (name: MetricName, m: number) => {
      const [zero, one] = slopes(name, [m * m, (1 - m) ** 2], 0.1, 0.75)
      return 0.7 * zero * m - 0.3 * one * (1 - m)
    }
    const fixedPoint = (name: MetricName) => {
      let [low, high] = [1e-5, 1 - 1e-5]
      for (let k = 0; k < 40; k++) {
        const m = (low + high) / 2
        if (force(name, m) > 0) high = m
        else low = m
      }
      return low
    }
    expect(fixedPoint('l2')).toBeCloseTo(0.3, 4)
    expect(fixedPoint('l1')).toBeLessThan(2e-5)
    for (const name of ['pseudo-huber', 'tangent', 'adaptive'] as const) {
      expect(fixedPoint(name)).toBeGreaterThan(0.003)
      expect(fixedPoint(name)).toBeLessThan(0.2)
    }
  })

  it.each([
    [{ metric: 'l3' as never }, /metric is "l3"; expected one of l2, l1/],
    [{ metric: 'pseudo-huber' as const, metricScale: 0 }, /metricScale is 0/],
    [{ metric: 'adaptive' as const, metricPower: 2 }, /metricPower is 2/],
  ])('%o is refused', (options, message) => {
    expect(() => trainingSettings('ct', pair.density, options)).toThrow(message)
  })
})

describe('a trained map', () => {
  // the mixture of docs/mathematics.md §4.3
  const skew = createProblem({
    process: { kind: 've' },
    data: { kind: 'mixture', weights: [0.7, 0.3], means: [-0.6, 1.4], stds: [0.25, 0.25] },
  })

  it('of ct finds the weight of the minor mode by l2 and halves it by l1, as its fixed point does', async () => {
    const mass = async (metric: MetricName) => {
      const method = consistencyTraining({
        backend: 'simd',
        width: 16,
        layers: 2,
        batch: 256,
        steps: 500,
        rate: 1e-2,
        intervals: 32,
        metric,
      })
      const map = await method.solveVe(skew.density, { time: 10, seed: 1 })
      const random = new Random(5)
      const x =
        skew.density.sample?.(4000, random).map((x0) => x0 + 10 * random.normal()) ?? new Float64Array()
      return map.evaluate(10, x).reduce((count, value) => count + (value > 0.4 ? 1 : 0), 0) / 4000
    }
    expect(Math.abs((await mass('l2')) - 0.3)).toBeLessThan(0.04)
    expect(Math.abs((await mass('l1')) - 0.157)).toBeLessThan(0.04)
  })

  it('says what its metric targets where the target of its loss is noisy', async () => {
    const short = { backend: 'cpu', width: 4, layers: 1, batch: 8, steps: 2 } as const
    const noisy = await trainedMethod('ct', { ...short, metric: 'l1' }).solveVe(pair.density, {
      time: 2,
      seed: 0,
    })
    expect(noisy.options).toEqual({ metric: 'l1', targets: 'the conditional geometric median' })
    expect(noisy.warnings?.[0]).toMatch(/ct with the metric l1 targets .* the map of another ODE/)
    const exact = await trainedMethod('cd', { ...short, metric: 'l1' }).solveVe(pair.density, {
      time: 2,
      seed: 0,
    })
    expect(exact.options).toEqual({ metric: 'l1', targets: 'the map itself' })
    expect(exact.warnings).toBeUndefined()
  })

  it('of ict and ect warns by default, and not with the squared norm', () => {
    for (const name of ['ict', 'ect']) {
      expect(trainingTarget(name, {}, 2).warnings).toHaveLength(1)
      expect(trainingTarget(name, { metric: 'l2' }, 2)).toMatchObject({
        metric: 'l2',
        targets: 'the conditional mean',
        warnings: [],
      })
    }
  })
})
