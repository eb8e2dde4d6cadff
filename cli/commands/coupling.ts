import { experimentCommand } from '../experiment-command.ts'
import { integerOption } from '../options.ts'
import { givenProblem, type ProblemOptions, problemOptions } from '../problem-options.ts'

interface Options extends ProblemOptions {
  readonly intervals?: number
}

/** `coupling`: what consistency training and distillation converge to, as a report. */
export const addCoupling = experimentCommand({
  options: [
    ...problemOptions(
      'problem file (.json) of 1-D or 2-D data (default two modes)',
      'largest time T (default 10)',
    ),
    integerOption('--intervals <N>', 'the fixed points at this N alone, and no trained networks', 1, 4096),
  ],
  prepare: (options: Options) => givenProblem(options),
  settings: () => import('../../experiments/coupling/settings.ts'),
  async study({ settings, ...run }, { intervals }) {
    const { coupling } = await import('../../experiments/coupling/index.ts')
    const { couplingFigures } = await import('../../experiments/coupling/figures.ts')
    const { couplingReport } = await import('../../experiments/coupling/report-page.ts')
    const { withIntervals } = await import('../../experiments/coupling/settings.ts')
    const study = await coupling({
      ...run,
      settings: intervals === undefined ? settings : withIntervals(settings, intervals),
    })
    const figures = couplingFigures(study)
    return { results: study.results, figures, report: couplingReport(study, figures) }
  },
})
