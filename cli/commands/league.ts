import type { LeagueSettings } from '../../experiments/league/settings.ts'
import { BadInput } from '../../src/io/bad-input.ts'
import { parseNumber } from '../../src/io/read-file.ts'
import { omitUndefined } from '../../src/omit-undefined.ts'
import { experimentCommand } from '../experiment-command.ts'
import { integerOption, parsedOption } from '../options.ts'

interface Options {
  readonly out: string
  readonly problems?: readonly string[]
  readonly budgets?: readonly number[]
  readonly seeds?: number
}

/** `league`: every loss on every problem with the same processor time. */
export const addLeague = experimentCommand<Options, LeagueSettings>({
  options: [
    parsedOption('--problems <names>', 'problems of the league, separated by commas (default all)', (value) =>
      value.split(','),
    ),
    parsedOption(
      '--budgets <seconds>',
      'seconds of processor time for each training, or several separated by commas (default 18,54)',
      secondsList,
    ),
    integerOption('--seeds <k>', 'train every network with k seeds (default 2)', 1, 100),
  ],
  settings: () => import('../../experiments/league/settings.ts'),
  async study({ settings, ...run }, { out, problems: names, budgets, seeds }) {
    const { leagueProblems } = await import('../../experiments/league/problems.ts')
    const all = leagueProblems.map(({ name }) => name)
    const unknown = names?.find((name) => !all.includes(name))
    if (unknown !== undefined)
      throw new BadInput('--problems', `names ${JSON.stringify(unknown)}`, `some of ${all.join(', ')}`)
    const problems = names && leagueProblems.filter(({ name }) => names.includes(name))
    const { league } = await import('../../experiments/league/index.ts')
    const { leagueFigures } = await import('../../experiments/league/figures.ts')
    const { leagueReport } = await import('../../experiments/league/report-page.ts')
    const results = await league(out, {
      ...run,
      settings: { ...settings, ...omitUndefined({ problems, budgets, seeds }) },
    })
    const figures = leagueFigures(results)
    return { results, figures, report: leagueReport(results, figures) }
  },
})

function secondsList(value: string, name: string): number[] {
  const budgets = value.split(',').map((part) => {
    const number = parseNumber(part)
    if (number !== null && number > 0 && number <= 1e6) return number
    throw new BadInput(name, `is ${JSON.stringify(value)}`, 'seconds above 0, separated by commas')
  })
  return [...new Set(budgets)].sort((a, b) => a - b)
}
