import { expect, it } from 'vitest'
import { highDimensional } from '../../experiments/high-dimensional/index.ts'
import {
  highDimensionalFigures,
  highDimensionalReport,
} from '../../experiments/high-dimensional/report-page.ts'
import { rotatedProduct } from '../../experiments/high-dimensional/rotated-product.ts'
import { reportHtml } from '../../src/report/index.ts'

it('high-dimensional beats the Gaussian map and knows the truth', async () => {
  const results = await highDimensional({
    seed: 1,
    threads: 1,
    settings: {
      dimensions: [
        { dimension: 2, steps: 60, trajectories: 200 },
        { dimension: 6, steps: 60, trajectories: 200 },
      ],
      seeds: 1,
      ladder: [0.5],
    },
  })
  expect(results.rows.map(({ dimension, method }) => `${dimension} ${method}`)).toEqual([
    '2 gaussian',
    '2 pinn',
    '2 pinn, dense part alone',
    '6 gaussian',
    '6 pinn',
    '6 pinn, dense part alone',
  ])
  for (const { disagreement } of results.truth) expect(disagreement).toBeLessThan(1e-7)
  const pinn = results.rows.find(({ dimension, method }) => dimension === 6 && method === 'pinn')
  expect(pinn?.gain).toBeGreaterThan(1.5)
  expect(results.ladder.map(({ steps }) => steps)).toEqual([30])
  const figures = highDimensionalFigures(results)
  expect(figures.map(({ name }) => name)).toEqual(['error-against-dimension', 'error-against-steps'])
  expect(reportHtml(highDimensionalReport(results, figures))).toContain('dense part alone')
})

it('a rotated product is the same for the same seed and other for another', () => {
  const rotations = [3, 3, 4].map((seed) => JSON.stringify(rotatedProduct(5, seed).specification))
  expect(rotations[0]).toBe(rotations[1])
  expect(rotations[0]).not.toBe(rotations[2])
})
