import { experimentCommand } from '../experiment-command.ts'

/** `sampling`: K-step samplers, and consistency sampling with right and wrong functions, as a report. */
export const addSampling = experimentCommand({
  settings: () => import('../../experiments/sampling/settings.ts'),
  async study(run) {
    const { sampling } = await import('../../experiments/sampling/index.ts')
    const { samplingFigures } = await import('../../experiments/sampling/figures.ts')
    const { samplingReport } = await import('../../experiments/sampling/report-page.ts')
    const results = await sampling(run)
    const figures = samplingFigures(results)
    return { results, figures, report: samplingReport(results, figures), found: 2 }
  },
})
