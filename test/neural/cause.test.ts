import { describe, expect, test } from 'vitest'
import { findings } from '../../experiments/compare/findings.ts'
import type { Comparison } from '../../experiments/compare/index.ts'
import { forwardMap, weno5 } from '../../solvers/grid/index.ts'
import { lossNames } from '../../solvers/neural/losses/index.ts'
import { trainingTarget } from '../../solvers/neural/model-method.ts'
import { sampler } from '../../solvers/sampling/index.ts'
import { rungeKutta } from '../../src/characteristics/index.ts'
import type { Method } from '../../src/consistency-function.ts'
import { createProblem } from '../../src/create/create-problem.ts'

const cause = (loss: string, settings = {}) => trainingTarget(loss, { intervals: 16, ...settings }, 2).cause

describe('the cause of an error', () => {
  test.each(lossNames)('of %s is a sentence', (loss) => {
    expect(cause(loss)).toMatch(/^[A-Z].*\.$/)
  })

  test('of cd is that of the step and the number of steps it was trained with', () => {
    expect(cause('cd', { solver: 'euler', intervals: 7 })).toMatch(/7 steps of Euler's method.*first order/)
    expect(cause('cd', { solver: 'heun', intervals: 9 })).toMatch(/9 steps of Heun's method.*second order/)
    expect(cause('cd', { solver: 'exact' })).not.toMatch(/Euler|Heun|order/)
    expect(cause('cd-jump')).not.toMatch(/Euler|Heun|\d+ steps/)
  })

  test('of a coupled loss names its N and its metric', () => {
    expect(cause('ct', { metric: 'l2', intervals: 12 })).toMatch(/N = 12/)
    expect(cause('ct', { metric: 'l2' })).not.toMatch(/metric/)
    expect(cause('ct', { metric: 'l1' })).toMatch(
      /With the metric l1 it aims at the conditional geometric median\.$/,
    )
    expect(cause('ect')).toMatch(/With the metric l1/)
    // a metric does not matter where both points are tied by the ODE
    expect(cause('cd', { metric: 'l1' })).not.toMatch(/metric/)
  })

  test('of a loss that is not known is not known', () => {
    expect(cause('theirs')).toBeUndefined()
  })

  const { density } = createProblem({
    process: { kind: 've' },
    data: { kind: 'mixture', weights: [0.5, 0.5], means: [-1.5, 1.5], stds: [0.8, 0.8] },
  })
  const of = async (method: Method) => (await method.solveVe(density, { time: 5, seed: 0 })).cause

  test('of solvers is what they did', async () => {
    expect(await of(rungeKutta())).toMatch(/tolerance of the ODE solver/)
    expect(await of(forwardMap({ nodes: 33 }))).toMatch(/tabulates the forward map/)
    expect(await of(weno5({ nodes: 401 }))).toMatch(/falls with the order of weno5/)
    expect(await of(weno5({ nodes: 17 }))).toMatch(/thinner than a cell.*max\|∂f\/∂y\|·h/)
    expect(await of(sampler({ solver: 'euler', steps: 7 }))).toMatch(/7 time steps/)
    expect(await of(sampler({ solver: 'ancestral', steps: 7 }))).toMatch(/no map of the noise/)
  })

  test('stands in what compare finds, beside the row that it belongs to', () => {
    const row = (method: string) => ({ method, relativeError: 0.1, standardError: 0.01 })
    const comparison = {
      results: { methods: [row('gaussian'), row('cd:euler-model'), row('cd-jump:other')] },
      measured: [{ cause: null }, { cause: 'First.' }, { cause: 'Second.' }],
      problem: { density },
    } as unknown as Comparison
    const sentences = findings(comparison)
    expect(sentences.map(({ method, text }) => [method, text.split(' ').at(-1)])).toEqual([
      ['cd:euler-model', 'First.'],
      ['cd-jump:other', 'Second.'],
    ])
  })
})
