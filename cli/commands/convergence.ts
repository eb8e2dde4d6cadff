import { readProblem } from '../../src/create/read-problem.ts'
import { checkTime } from '../../src/problem/process.ts'
import { experimentCommand } from '../experiment-command.ts'
import { textOption, timeOption } from '../options.ts'

interface Options {
  readonly problem: string
  readonly time: number
}

/** `convergence`: orders and work of the solvers on a problem, and of small networks, as a report. */
export const addConvergence = experimentCommand({
  options: [textOption('--problem <file>', 'problem file (.json)'), timeOption('--time <T>', 'time T')],
  required: ['problem', 'time'],
  async prepare(options: Options) {
    const problem = await readProblem(options.problem)
    return { problem, time: checkTime(problem, '--time', options.time, true) }
  },
  settings: () => import('../../experiments/convergence/settings.ts'),
  async study(run) {
    const { convergence } = await import('../../experiments/convergence/index.ts')
    const { convergenceFigures } = await import('../../experiments/convergence/figures.ts')
    const { convergenceReport } = await import('../../experiments/convergence/report-page.ts')
    const results = await convergence(run)
    const figures = convergenceFigures(results)
    return { results, figures, report: convergenceReport(results, figures), found: 2 }
  },
})
