import { experimentCommand } from '../../src/cli/experiment-command.ts'

/** `metric`: what consistency training converges to under other metrics than the squared one, as a report. */
export const addMetric = experimentCommand({
  name: 'metric',
  description: 'Measure how the metric of consistency training changes its map, and write a report.',
  settings: () => import('./settings.ts'),
  async study(run) {
    const { metricStudy } = await import('./index.ts')
    const { metricFigures } = await import('./figures.ts')
    const { metricReport } = await import('./report-page.ts')
    const results = await metricStudy(run)
    const figures = metricFigures(results)
    return { results, figures, report: metricReport(results, figures) }
  },
})
