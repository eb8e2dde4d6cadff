import { experimentCommand } from '../experiment-command.ts'

/** `pde`: the ways to solve the transport equation side by side, as a report. */
export const addPde = experimentCommand({
  settings: () => import('../../experiments/pde/settings.ts'),
  async study(run) {
    const { pdeStudy } = await import('../../experiments/pde/index.ts')
    const { pdeFigures } = await import('../../experiments/pde/figures.ts')
    const { pdeReport } = await import('../../experiments/pde/report-page.ts')
    const results = await pdeStudy(run)
    const figures = pdeFigures(results)
    return { results, figures, report: pdeReport(results, figures) }
  },
})
