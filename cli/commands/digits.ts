import type { DigitsSettings } from '../../experiments/digits/settings.ts'
import { experimentCommand } from '../experiment-command.ts'
import { integerOption } from '../options.ts'

/** `digits`: consistency functions of images of handwritten digits, as a report. */
export const addDigits = experimentCommand<{ readonly seeds?: number }, DigitsSettings>({
  options: [integerOption('--seeds <k>', 'train every network with k seeds (default 1)', 1, 100)],
  settings: () => import('../../experiments/digits/settings.ts'),
  async study({ settings, ...run }, { seeds }) {
    const { digits } = await import('../../experiments/digits/index.ts')
    const page = await import('../../experiments/digits/report-page.ts')
    const study = await digits({ ...run, settings: { ...settings, seeds: seeds ?? settings.seeds } })
    const figures = page.digitsFigures(study)
    return { results: study.results, figures, report: page.digitsReport(study, figures) }
  },
})
