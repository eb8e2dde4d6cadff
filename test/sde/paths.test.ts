import { describe, expect, it, vi } from 'vitest'
import { sde } from '../../solvers/sde/index.ts'
import { parseProblem } from '../../src/create/create-problem.ts'
import { InputError } from '../../src/errors.ts'
import { points } from '../../src/points/points.ts'

const mixture = { kind: 'mixture', weights: [0.3, 0.7], means: [[-1], [1.2]], stds: [0.4, 0.5] }
const [mean, second] = [0.3 * -1 + 0.7 * 1.2, 0.3 * (1 + 0.16) + 0.7 * (1.44 + 0.25)]
const average = (x: ArrayLike<number>, power: number) =>
  Array.from(x, (value) => value ** power).reduce((a, b) => a + b) / x.length

describe('paths of SDEs', () => {
  it.each([
    ['ve', { kind: 've' }, 5, 1, 25],
    ['vp', { kind: 'vp' }, 1, Math.exp(-10.05 / 2), 1 - Math.exp(-10.05)],
  ])('of %s have the moments of p_T forward and of the data in reverse', (_, process, time, alpha, noise) => {
    const problem = parseProblem({ process, data: mixture })
    const options = { time, steps: 200, count: 20_000, seed: 5 }
    const end = sde.forward(problem, options).data
    const deviation = Math.sqrt(alpha ** 2 * (second - mean ** 2) + noise)
    expect(Math.abs(average(end, 1) - alpha * mean)).toBeLessThan((4 * deviation) / Math.sqrt(20_000))
    expect(average(end, 2) / (alpha ** 2 * second + noise)).toBeCloseTo(1, 1)
    const back = sde.reverse(problem, options).data
    expect(Math.abs(average(back, 1) - mean)).toBeLessThan(0.04)
    expect(Math.abs(average(back, 2) - second)).toBeLessThan(0.06)
  })

  it('say that a step of theirs passes over the narrowest part of the data', async () => {
    const narrow = parseProblem({
      process: { kind: 've' },
      data: { kind: 'mixture', weights: [0.5, 0.5], means: [[0], [1]], stds: [0.00123, 0.3] },
    })
    const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
    const said = (steps: number, problem = narrow, grading = 3) => {
      warned.mockClear()
      sde.reverse(problem, { time: 10, steps, grading, count: 4, seed: 1 })
      return warned.mock.calls.map(([sentence]) => sentence)
    }
    expect(said(7)).toEqual([
      expect.stringMatching(/^7 steps of paths are longer than the data allow: .* a deviation of 0\.00123/),
    ])
    expect(said(300, narrow, 1)).toHaveLength(1)
    expect(said(300)).toEqual([])
    expect(said(50, parseProblem({ process: { kind: 've' }, data: mixture }))).toEqual([])
    warned.mockRestore()
  })

  it('take a step at least, and another before an end with noise alone', () => {
    const of = (kind: 've' | 'flowMatching') => (steps: number) =>
      sde.reverse(
        parseProblem({ process: { kind }, data: { kind: 'gaussian', mean: [0], covariance: [[1]] } }),
        {
          ...{ time: 1, count: 3, seed: 1 },
          steps,
        },
      ).data
    for (const [kind, least] of [
      ['ve', 1],
      ['flowMatching', 2],
    ] as const) {
      expect(of(kind)(least)).toHaveLength(3)
      expect(() => of(kind)(least - 1)).toThrow(`steps is ${least - 1}; expected`)
    }
  })

  it('are the same bytes for the same seed and others for another', () => {
    const problem = parseProblem({ process: { kind: 'vp' }, data: mixture })
    const run = (seed: number) =>
      Array.from(sde.reverse(problem, { time: 1, steps: 5, count: 50, seed }).data)
    expect(run(1)).toEqual(run(1))
    expect(run(1)).not.toEqual(run(2))
  })

  it('share their Brownian motion when steps times parts is the same', () => {
    const problem = parseProblem({ process: { kind: 'custom', drift: '0', sigma: '2' }, data: mixture })
    const start = points(Float64Array.of(0, 1), 1)
    const run = (steps: number, parts: number) =>
      sde.forward(problem, { time: 1, steps, parts, start, scheme: 'euler-maruyama' }).data
    expect(run(4, 16)[1]).toBeCloseTo(run(64, 1)[1], 12)
  })

  it.each([
    ['steps', { steps: 0 }],
    ['scheme', { scheme: 'milstein' as never }],
    ['count', { count: 0 }],
    ['from', { from: 1 }],
    ['time', { time: 2 }],
    ['grading', { grading: 0 }],
  ])('refuse a bad %s', (name, options) => {
    const problem = parseProblem({ process: { kind: 'vp' }, data: mixture })
    expect(() => sde.forward(problem, { time: 1, steps: 4, count: 2, ...options })).toThrow(InputError)
    expect(() => sde.forward(problem, { time: 1, steps: 4, count: 2, ...options })).toThrow(name)
  })
})
