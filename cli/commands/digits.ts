import type { LawName } from '../../experiments/digits/laws.ts'
import type { DigitsSettings } from '../../experiments/digits/settings.ts'
import { checkNumber } from '../../src/errors.ts'
import { omitUndefined } from '../../src/omit-undefined.ts'
import { experimentCommand } from '../experiment-command.ts'
import { choiceOption, integerOption, numberOption } from '../options.ts'

interface Options {
  readonly law?: LawName
  readonly side?: '14' | '28'
  readonly seconds?: number
  readonly seeds?: number
}

const SIDES = { '14': 14, '28': 28 } as const
// the table of laws is loaded with the experiment; a law that is missing here does not compile
const LAWS = Object.keys({ memorising: 0, wide: 0, factors: 0 } satisfies Record<LawName, 0>)

/** `digits`: consistency functions of images of handwritten digits, as a report. */
export const addDigits = experimentCommand<Options, DigitsSettings>({
  options: [
    choiceOption('--law <name>', 'law of the images (default memorising)', LAWS),
    choiceOption('--side <pixels>', 'pixels of a side (default 28; 14 with --quick)', ['14', '28']),
    numberOption('--seconds <s>', 'seconds of each training in place of its steps'),
    integerOption('--seeds <k>', 'train every network with k seeds (default 1)', 1, 100),
  ],
  settings: () => import('../../experiments/digits/settings.ts'),
  prepare({ seconds }) {
    if (seconds !== undefined) checkNumber('--seconds', seconds, 0, 1e9, true)
    return {}
  },
  async study({ settings, ...run }, { law, side, seconds, seeds }) {
    const { digits } = await import('../../experiments/digits/index.ts')
    const page = await import('../../experiments/digits/report-page.ts')
    const own = omitUndefined({ law, side: side && SIDES[side], seconds, seeds })
    const study = await digits({ ...run, settings: { ...settings, ...own } })
    const figures = page.digitsFigures(study)
    return { results: study.results, figures, report: page.digitsReport(study, figures) }
  },
})
