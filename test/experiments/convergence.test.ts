import { expect, it } from 'vitest'
import { convergence } from '../../experiments/convergence/index.ts'
import { createProblem } from '../../src/problem/create.ts'
import { convergenceFigure, convergenceText } from '../../src/studies/index.ts'

it('convergence observes the orders of theory on a smooth problem', async () => {
  const problem = createProblem({
    process: { kind: 've' },
    data: { kind: 'mixture', weights: [0.5, 0.5], means: [-1.5, 1.5], stds: [0.8, 0.8] },
  })
  const results = await convergence({ problem, time: 5, seed: 0, quick: true })
  const orders = new Map(results.lines.map(({ method, observedOrder }) => [method, observedOrder]))
  for (const [method, order] of [
    ['characteristics:dopri8', 8],
    ['grid:upwind', 1],
    ['sampler:euler', 1],
    ['sampler:heun', 2],
  ] as const)
    expect(Math.abs((orders.get(method) as number) - order)).toBeLessThan(0.2)
  // quick stops before the asymptotic order of these two
  expect(orders.get('grid:weno5')).toBeGreaterThan(4)
  expect(orders.get('grid:forward-map')).toBeGreaterThan(5.8)
  expect(convergenceFigure(results).svg).toContain('weno5')
  expect(convergenceText(results)).toContain('sampler:heun')
})
