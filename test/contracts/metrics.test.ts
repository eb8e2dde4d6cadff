import { grad, type Scalar, sum, tensor1d } from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import { type MetricName, metrics } from '../../solvers/neural/metrics.ts'
import { useBackend } from '../../src/backend/index.ts'

await useBackend('cpu')

/** dM/ds, the weight that a metric gives to a squared residual s, as published. A new metric has a line here. */
const published = {
  l2: () => 1,
  l1: (s) => 1 / (2 * Math.sqrt(s)),
  'pseudo-huber': (s, c) => 1 / (2 * Math.sqrt(s + c * c)),
  // the weight, held fixed, times the gradient of s
  adaptive: (s, c, p) => (s + c) ** -p,
  // r/(|r| + c) is the gradient in r
  tangent: (s, c) => 1 / (2 * (Math.sqrt(s) + c)),
} satisfies Record<MetricName, (s: number, c: number, p: number) => number>

describe.each(Object.entries(metrics))('the metric %s', (name, { value }) => {
  it.each([
    [0.3, 1],
    [0.1, 0.5],
    [1.5, 0.75],
  ])('weighs squares as published, for c = %d and p = %d', (c, p) => {
    const squares = [0.02, 0.3, 1, 7]
    const slopes = grad((s) => sum(value(s, c, p)) as Scalar)(tensor1d(squares)).dataSync()
    squares.forEach((s, i) => {
      expect(slopes[i] / published[name as MetricName](s, c, p)).toBeCloseTo(1, 4)
    })
  })

  it('is 0 at 0, with a finite slope', () => {
    const at = tensor1d([0])
    expect(Math.abs(value(at, 0.1, 0.75).dataSync()[0])).toBeLessThan(2e-6)
    const slope = grad((s) => sum(value(s, 0.1, 0.75)) as Scalar)(at).dataSync()[0]
    expect(Number.isFinite(slope)).toBe(true)
  })
})
