import { experimentCommand } from '../../src/cli/experiment-command.ts'
import { integerOption } from '../../src/cli/options.ts'
import { omitUndefined } from '../../src/omit-undefined.ts'
import type { DigitsSettings } from './settings.ts'

/** `digits`: consistency functions of images of handwritten digits, as a report. */
export const addDigits = experimentCommand<{ readonly seeds?: number }, DigitsSettings>({
  name: 'digits',
  description: 'Train networks on images of handwritten digits, and write a report with samples.',
  options: [integerOption('--seeds <k>', 'train every network with k seeds (default 1)', 1, 100)],
  settings: () => import('./settings.ts'),
  async study({ settings, ...run }, { seeds }) {
    const { digits } = await import('./index.ts')
    const page = await import('./report-page.ts')
    const study = await digits({ ...run, settings: { ...settings, ...omitUndefined({ seeds }) } })
    const figures = page.digitsFigures(study)
    const text = page.digitsFindings(study).join('\n')
    return { results: study.results, figures, report: page.digitsReport(study, figures), text }
  },
})
