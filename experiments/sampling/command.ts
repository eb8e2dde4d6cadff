import { experimentCommand } from '../../src/cli/experiment-command.ts'

/** `sampling`: K-step samplers, and consistency sampling with right and wrong functions, as a report. */
export const addSampling = experimentCommand({
  name: 'sampling',
  description: 'Measure K-step samplers and consistency sampling against evaluations, and write a report.',
  settings: () => import('./settings.ts'),
  async study(run) {
    const { sampling } = await import('./index.ts')
    const { samplingFigures } = await import('./figures.ts')
    const { samplingReport } = await import('./report-page.ts')
    const results = await sampling(run)
    const figures = samplingFigures(results)
    return { results, figures, report: samplingReport(results, figures) }
  },
})
