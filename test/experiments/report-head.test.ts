import { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { commandInWords } from '../../cli/options.ts'
import { findingsSection } from '../../experiments/compare/findings.ts'
import type { Comparison } from '../../experiments/compare/index.ts'
import { EQUATIONS, problemFacts, withRun } from '../../experiments/experiment.ts'
import { problemInWords } from '../../experiments/problem-in-words.ts'
import { createProblem } from '../../src/index.ts'
import { reportHtml } from '../../src/report/index.ts'

const mixture = createProblem({
  process: { kind: 've' },
  data: { kind: 'mixture', weights: [0.3, 0.7], means: [-2, 1], stds: [0.5, 0.6] },
})

describe('the head of a page', () => {
  it('says the problem in words and a formula', () => {
    expect(problemInWords(mixture.specification)).toEqual({
      data: 'a mixture of 2 Gaussians on the line: 0.3 N(−2, 0.5²) + 0.7 N(1, 0.6²)',
      process: 've: X_t = X₀ + t Z',
    })
    const say = (spec: Parameters<typeof createProblem>[0]) =>
      problemInWords(createProblem(spec).specification)
    const points = [
      [0, 1],
      [1, 0],
      [2, 2],
    ]
    expect(
      say({ process: { kind: 'flowMatching' }, data: { kind: 'empirical', points, bandwidth: 0 } }),
    ).toEqual({
      data: 'point masses at 3 points in the plane',
      process: 'flowMatching: X_t = (1 − t) X₀ + t Z',
    })
    expect(say({ process: { kind: 'edm' }, data: { kind: 'formula', density: 'exp(-x^4)' } }).data).toBe(
      'the density proportional to exp(-x^4)',
    )
    expect(
      say({
        process: { kind: 'custom', drift: '-x', sigma: '1 + t' },
        data: { kind: 'gaussian', mean: [0], covariance: [[4]] },
      }),
    ).toEqual({
      data: 'a Gaussian on the line: N(0, 2²)',
      process: 'custom: dX = b dt + σ dB, b = -x, σ = 1 + t',
    })
  })

  it('says what t and x are where the process is another than VE', () => {
    const head = (process: Parameters<typeof createProblem>[0]['process']) =>
      problemFacts(
        createProblem({ process, data: { kind: 'gaussian', mean: [0], covariance: [[1]] } }).specification,
      )
    for (const kind of ['vp', 'subVp', 'flowMatching', 'cosine', 'ddpm'] as const)
      expect(head({ kind }).Letters).toMatch(/t is σ\/α and x is x\/α/)
    expect(head({ kind: 'interpolant', alpha: '1-t', sigma: 't' }).Letters).toBeDefined()
    for (const kind of ['ve', 'edm'] as const) expect(head({ kind })).not.toHaveProperty('Letters')
    expect(head({ kind: 'cosine' }).Process).toMatch(/s = 0\.008$/)
    expect(head({ kind: 'ddpm' }).Process).toMatch(/linear schedule of 1000 steps, β from 0\.0001 to 0\.02$/)
    expect(head({ kind: 'ddpm', schedule: 'cosine', steps: 50 }).Process).toMatch(
      /cosine schedule of 50 steps$/,
    )
    expect(head({ kind: 'ddpm', betas: [0.1, 0.2, 1] }).Process).toMatch(/3 β from 0\.1 to 1$/)
  })

  it('names the tool, the equation, the command and its size', () => {
    const html = reportHtml(
      withRun(
        {
          title: 'T',
          equation: EQUATIONS.transport,
          sections: [],
          meta: problemFacts(mixture.specification),
        },
        { command: 'consistency-pde pde --quick', quick: true },
      ),
    )
    for (const part of ['consistency-pde 0.1.0', '∂f/∂t', 'a mixture of 2', 'pde --quick', 'quick: few'])
      expect(html).toContain(part)
  })

  it('has the command as it was typed, without what changes no number', async () => {
    const program = new Command().option('--json').option('--threads <n>').option('--quick')
    let said = ''
    program
      .command('compare')
      .option('--columns <names>')
      .option('--out <folder>')
      .action((_, own: Command) => {
        said = commandInWords(own)
      })
    const columns = 'Beak Length (mm),"a"'
    await program.parseAsync(
      ['--threads', '2', 'compare', '--columns', columns, '--json', '--out=x', '--quick'],
      { from: 'user' },
    )
    expect(said).toBe(`consistency-pde compare --columns '${columns}' --quick`)
  })
})

it('a comparison leads with the best of all and of the networks, and has a row a method', () => {
  const row = (method: string, relativeError: number, certificate: number | null) => ({
    ...{ method, relativeError, standardError: relativeError / 100, certificate },
  })
  const section = findingsSection({
    results: { methods: [row('gaussian', 0.5, null), row('exact', 4e-8, null), row('pinn', 0.01, 0.02)] },
    measured: [{ cause: null }, { cause: 'Rounding.' }, { cause: 'Training.' }],
    problem: mixture,
  } as unknown as Comparison)
  expect(section.paragraphs).toEqual([
    'Nearest to the truth is exact, with a relative error of 4.0e-8, about 10⁷ times below the Gaussian map. Of the networks it is pinn, with 0.010, 50 times below the Gaussian map.',
  ])
  expect(section.table?.methods).toEqual(['gaussian', 'exact', 'pinn'])
  expect(section.table?.rows.map((cells) => cells[2])).toEqual(['–', 'about 10⁷', '50'])
  expect(section.table?.rows[1][3]).toBe('Rounding.')
})
