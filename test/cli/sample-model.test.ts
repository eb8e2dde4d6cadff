import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { trainModel } from '../../solvers/neural/index.ts'
import { createProblem } from '../../src/create/create-problem.ts'
import { runCli } from './in-process.ts'

it('samples of a model take no evaluations of the score: those of its training are not counted', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sample-'))
  try {
    const problem = createProblem({
      process: { kind: 've' },
      data: { kind: 'gaussian', mean: [0], covariance: [[1]] },
    })
    const [model, file] = [join(folder, 'model'), join(folder, 'problem.json')]
    await writeFile(file, JSON.stringify(problem.specification))
    const { model: trained } = await trainModel(problem, {
      loss: 'pinn',
      time: 5,
      steps: 3,
      width: 8,
      layers: 1,
      batch: 16,
      out: model,
    })
    expect(trained.description.training.evaluations).toBeGreaterThan(0)
    const common = ['--problem', file, '--time', '5', '--model', model, '--json']
    const { stdout, stderr } = await runCli([
      'sample',
      ...common,
      '--samples',
      '10',
      '--out',
      join(folder, 'x.json'),
    ])
    expect(stderr).toBe('')
    expect(JSON.parse(stdout).functionEvaluations).toBe(0)
  } finally {
    await rm(folder, { recursive: true })
  }
})
