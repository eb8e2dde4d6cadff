import { BadInput } from '../../src/io/bad-input.ts'
import { experimentCommand } from '../experiment-command.ts'
import { givenProblem, type ProblemOptions, problemOptions } from '../problem-options.ts'

/** `marginals`: whether the SDEs and the ODE have the same laws, as a report. */
export const addMarginals = experimentCommand({
  options: problemOptions(
    'problem file (.json), in place of three problems of its own',
    'time T of the problem',
  ),
  prepare(options: ProblemOptions) {
    const { problem, time } = options
    if ((problem === undefined) !== (time === undefined))
      throw new BadInput(
        problem === undefined ? '--time' : '--problem',
        'is given alone',
        '--problem and --time together',
      )
    return givenProblem(options)
  },
  settings: () => import('../../experiments/marginals/settings.ts'),
  async study(run) {
    const { marginals } = await import('../../experiments/marginals/index.ts')
    const { marginalFigures } = await import('../../experiments/marginals/figures.ts')
    const { marginalReport } = await import('../../experiments/marginals/report-page.ts')
    const results = await marginals(run)
    const figures = marginalFigures(results)
    return { results, figures, report: marginalReport(results, figures) }
  },
})
