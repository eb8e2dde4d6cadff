import { type Figure, figures, type LinePanel } from '../../src/figures/index.ts'
import { formatNumber } from '../../src/report/format.ts'
import type { LeagueResults } from './results.ts'
import { type LeagueRow, medianNetwork } from './rows.ts'
import type { MapLoss } from './settings.ts'

const PANELS = 3
// of the losses that need a score, and of those that need samples alone
const SHOWN = 3
// a map that is a thousand times better than the Gaussian one is as dark as any
const LOW = -3
const HIGH = 1

/** A heat map of errors for every budget, and errors in the course of training for the best losses. */
export function leagueFigures(results: LeagueResults): Figure[] {
  return [...results.budgets.map((budget) => errorHeatMap(results, budget)), ...curveFigures(results)]
}

function errorHeatMap({ problems, rows, ranks }: LeagueResults, budget: number): Figure {
  const order = ranks.filter((rank) => rank.budget === budget).map(({ loss }) => loss)
  const row = (loss: MapLoss, problem: string): LeagueRow | undefined =>
    rows.find((one) => one.loss === loss && one.problem === problem && one.budget === budget)
  return figures.heatMap({
    name: `errors-${budget}s`,
    title: `Error of the map after ${budget} seconds of training on one core`,
    caption:
      'The number is the relative error; the colour is that error over the one of the Gaussian map: dark is accurate, and yellow has learned nothing. Losses stand by their mean rank, the best at the top.',
    columns: problems.map(({ name }) => name),
    rows: order.map((loss) => ({
      label: loss,
      cells: problems.map(({ name, gaussian }) => {
        const own = row(loss, name)
        const error = own ? medianNetwork(own).relativeError : null
        const share = error === null ? Number.NaN : error / (gaussian.relativeError ?? Number.NaN)
        return { value: Math.log10(share), text: formatNumber(error, 2) }
      }),
    })),
    scale: {
      ...{ label: 'error over that of the Gaussian map', low: LOW, high: HIGH },
      ticks: [
        [-3, '0.001'],
        [-2, '0.01'],
        [-1, '0.1'],
        [0, '1'],
        [1, '10'],
      ],
      missing: 'does not take part, or could not be finished',
    },
  })
}

/** The best losses of the longest trainings, three problems a figure. */
function curveFigures(results: LeagueResults): Figure[] {
  const { problems, budgets, ranks, curves } = results
  const budget = Math.max(...budgets)
  const ofBudget = ranks.filter((rank) => rank.budget === budget)
  const best = (needs: 'score' | 'samples') =>
    ofBudget
      .filter((rank) => rank.needs === needs)
      .slice(0, SHOWN)
      .map(({ loss }) => loss)
  const shown = [...best('score'), ...best('samples')]
  const drawn = problems.flatMap(({ name }): LinePanel[] => {
    const lines = shown.flatMap((loss) => {
      const own = curves.find((one) => one.problem === name && one.loss === loss && one.budget === budget)
      return own ? [{ label: loss, x: own.time.map((share) => share * budget), y: own.error }] : []
    })
    const y = { label: 'relative error', log: true }
    return lines.length === 0
      ? []
      : [{ title: name, x: { label: 'seconds of one core', log: true }, y, lines }]
  })
  const groups = Array.from({ length: Math.ceil(drawn.length / PANELS) }, (_, k) =>
    drawn.slice(k * PANELS, (k + 1) * PANELS),
  )
  return groups.map((panels, k) =>
    figures.linePanels({
      name: `error-by-time-${k + 1}`,
      title: 'True error in the course of training',
      caption: `The three losses of the best mean ranks that need a score, and the three that need samples alone, in trainings of ${budget} seconds: the error of the averaged network on the trajectories of the monitor.`,
      panels,
    }),
  )
}
