import { describe, expect, it } from 'vitest'
import { learningRate } from '../../solvers/neural/learner.ts'

describe('the learning rate', () => {
  const total = 10_000

  it('rises linearly over 200 steps', () => {
    for (const step of [0, 19, 99, 198]) {
      const cosine = (1 + Math.cos((Math.PI * step) / total)) / 2
      expect(learningRate(0.3, step, total)).toBeCloseTo((0.3 * cosine * (step + 1)) / 200, 15)
    }
  })

  it('then falls by a cosine to 0', () => {
    expect(learningRate(0.3, total / 4, total)).toBeCloseTo((0.3 * (1 + Math.SQRT1_2)) / 2, 14)
    expect(learningRate(0.3, total / 2, total)).toBeCloseTo(0.15, 14)
    expect(learningRate(0.3, (3 * total) / 4, total)).toBeCloseTo((0.3 * (1 - Math.SQRT1_2)) / 2, 14)
    expect(learningRate(0.3, total, total)).toBeCloseTo(0, 14)
  })

  it('warms up over a tenth of a short training, and is whole in one of few steps', () => {
    expect(learningRate(1, 24, 500) / learningRate(1, 49, 500)).toBeCloseTo(
      (0.5 * (1 + Math.cos((24 * Math.PI) / 500))) / (1 + Math.cos((49 * Math.PI) / 500)),
      12,
    )
    expect(learningRate(1, 0, 5)).toBe(1)
  })
})
