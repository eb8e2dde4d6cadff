import type { HighDimensionalSettings } from '../../experiments/high-dimensional/settings.ts'
import { experimentCommand } from '../experiment-command.ts'
import { integerOption } from '../options.ts'

interface Options {
  readonly seeds?: number
  readonly dimensions?: number
}

/** `high-dimensional`: error and cost against the dimension on rotated products, as a report. */
export const addHighDimensional = experimentCommand<Options, HighDimensionalSettings>({
  options: [
    integerOption('--seeds <k>', 'train every network with k seeds (default 1)', 1, 100),
    integerOption('--dimensions <n>', 'up to this dimension only (default all)', 2, 1000),
  ],
  settings: () => import('../../experiments/high-dimensional/settings.ts'),
  async study({ settings, ...run }, { seeds, dimensions: most = 1000 }) {
    const { highDimensional } = await import('../../experiments/high-dimensional/index.ts')
    const page = await import('../../experiments/high-dimensional/report-page.ts')
    const dimensions = settings.dimensions.filter(({ dimension }) => dimension <= most)
    const results = await highDimensional({
      ...run,
      settings: { ...settings, dimensions, seeds: seeds ?? settings.seeds },
    })
    const figures = page.highDimensionalFigures(results)
    return { results, figures, report: page.highDimensionalReport(results, figures) }
  },
})
