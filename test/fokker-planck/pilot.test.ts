import { expect, it } from 'vitest'
import { createProblem } from '../../src/create/create-problem.ts'
import { pilot } from '../../src/fokker-planck/pilot.ts'
import type { NonlinearDrift } from '../../src/problem/process.ts'
import { Random } from '../../src/random/random.ts'

it('paths under a pull say how narrow p_t becomes, and how far it reaches', () => {
  const { process, density } = createProblem({
    process: { kind: 'custom', drift: '-4 x - 0.001 x^3', sigma: '1' },
    data: { kind: 'gaussian', mean: [0], covariance: [[4]] },
  })
  const nonlinear = process.nonlinear as NonlinearDrift
  const x = density.sample?.(1000, new Random(1)) ?? new Float64Array(0)
  const { width, ranges } = pilot({ ...process, nonlinear }, density, x, 3)
  // of the stationary law of dX = −4 X dt + dB
  expect(width).toBeGreaterThan(0.9 / Math.sqrt(8))
  expect(width).toBeLessThan(1.1 / Math.sqrt(8))
  // 1000 draws of the data, and what noise of a third of their deviation adds before the pull has them
  expect(ranges[0][0]).toBeLessThan(-5)
  expect(ranges[0][1]).toBeGreaterThan(5)
  for (const end of ranges[0]) expect(Math.abs(end)).toBeLessThan(10)
})
