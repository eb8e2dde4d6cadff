import { experimentCommand } from '../experiment-command.ts'

/** `metric`: what consistency training converges to under other metrics than the squared one, as a report. */
export const addMetric = experimentCommand({
  settings: () => import('../../experiments/metric/settings.ts'),
  async study(run) {
    const { metricStudy } = await import('../../experiments/metric/index.ts')
    const { metricFigures } = await import('../../experiments/metric/figures.ts')
    const { metricReport } = await import('../../experiments/metric/report-page.ts')
    const results = await metricStudy(run)
    const figures = metricFigures(results)
    return { results, figures, report: metricReport(results, figures), found: 2 }
  },
})
