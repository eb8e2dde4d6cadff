import { experimentCommand } from '../../src/cli/experiment-command.ts'
import { numberOption, textOption } from '../../src/cli/options.ts'
import { readProblem } from '../../src/cli/read-problem.ts'
import { checkNumber } from '../../src/errors.ts'

interface Options {
  readonly problem: string
  readonly time: number
}

/** `convergence`: orders and work of the solvers on a problem, and of small networks, as a report. */
export const addConvergence = experimentCommand({
  name: 'convergence',
  description: 'Measure orders and work of solvers and small networks on a problem, and write a report.',
  options: [textOption('--problem <file>', 'problem file (.json)'), numberOption('--time <T>', 'time T')],
  required: ['problem', 'time'],
  async prepare(options: Options) {
    const problem = await readProblem(options.problem)
    return { problem, time: checkNumber('--time', options.time, 0, problem.process.maximumTime, true) }
  },
  settings: () => import('./settings.ts'),
  async study(run) {
    const { convergence } = await import('./index.ts')
    const { convergenceFigures } = await import('./figures.ts')
    const { convergenceReport, convergenceStudyText } = await import('./report-page.ts')
    const results = await convergence(run)
    const figures = convergenceFigures(results)
    const report = convergenceReport(results, figures)
    return { results, figures, report, text: convergenceStudyText(results).trimEnd() }
  },
})
