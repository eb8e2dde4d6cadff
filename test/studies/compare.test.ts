import { expect, it } from 'vitest'
import {
  compare,
  compareFigure,
  compareText,
  createProblem,
  exact,
  gaussianBaseline,
  InputError,
  measureError,
  rowsHtml,
  rungeKutta,
  solve,
} from '../../src/index.ts'

const line = createProblem({
  process: { kind: 'vp' },
  data: { kind: 'mixture', weights: [0.3, 0.7], means: [-2, 1], stds: [0.5, 0.6] },
})
const plane = createProblem({
  process: { kind: 've' },
  data: {
    kind: 'mixture',
    weights: [0.5, 0.5],
    means: [
      [1e6 - 1, 3],
      [1e6 + 1, 3],
    ],
    stds: [0.5, 0.5],
  },
})

it('measures every method as measureError does, on the same trajectories', async () => {
  const options = { time: 0.9, samples: 300, seed: 4 }
  const comparison = await compare(line, [gaussianBaseline(), exact(), gaussianBaseline()], options)
  expect(comparison.methods.map(({ method }) => method)).toEqual(['gaussian', 'exact', 'gaussian (2)'])
  const f = await solve(line, gaussianBaseline(), { time: 0.9 })
  const { relativeError, medianError } = await measureError(f, line, options)
  for (const k of [0, 2]) {
    expect(comparison.methods[k].relativeError).toBe(relativeError)
    expect(comparison.methods[k].medianError).toBe(medianError)
  }
  expect(comparison.methods[1].relativeError).toBeLessThan(1e-8)
  expect(compareText(comparison).split('\n')[0]).toMatch(/^method +relative error +median/)
  expect(rowsHtml(comparison.rows)).toContain('gaussian (2)')
  const { svg, caption } = compareFigure(comparison)
  expect(caption).toContain('over the true one')
  expect(svg).toContain('gaussian (2)')
})

it('shows places of the plane where they are, not where their mean was taken off', async () => {
  const comparison = await compare(plane, [gaussianBaseline(), rungeKutta({ rtol: 1e-6 })], {
    time: 1,
    samples: 200,
  })
  const [gaussian, solver] = comparison.methods
  expect(solver.relativeError).toBeLessThan(1e-4)
  expect(gaussian.relativeError).toBeGreaterThan(0.05)
  // a centre that is left in would be an error of 10⁶ wherever one looks
  const { svg } = compareFigure(comparison)
  expect(/10⁻/.test(svg)).toBe(true)
  expect(/10[³⁴⁵⁶]/.test(svg)).toBe(false)
})

it('refuses no method and a time that is none', async () => {
  await expect(compare(line, [], { time: 0.5 })).rejects.toThrow(InputError)
  await expect(compare(line, [exact()], { time: 2 })).rejects.toThrow(/time/)
})
