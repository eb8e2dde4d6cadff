import type { FewStepsSettings } from '../../experiments/few-steps/settings.ts'
import { experimentCommand } from '../experiment-command.ts'

/** `few-steps`: at which times a map takes K steps in place of one, as a report. */
export const addFewSteps = experimentCommand<object, FewStepsSettings>({
  settings: () => import('../../experiments/few-steps/settings.ts'),
  async study(run) {
    const { fewSteps } = await import('../../experiments/few-steps/index.ts')
    const { fewStepsFigures } = await import('../../experiments/few-steps/figures.ts')
    const { fewStepsReport } = await import('../../experiments/few-steps/report-page.ts')
    const results = await fewSteps(run)
    const figures = fewStepsFigures(results)
    return { results, figures, report: fewStepsReport(results, figures), found: 2 }
  },
})
