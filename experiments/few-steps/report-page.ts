import type { Figure } from '../../src/figures/index.ts'
import { formatNumber, formatPercent, formatWithError, nothing } from '../../src/report/format.ts'
import type { Report, ReportSection } from '../../src/report/index.ts'
import { EQUATIONS, problemFacts } from '../experiment.ts'
import type { FewStepsResults } from './index.ts'
import { GREEDY } from './noising.ts'
import { BEST, type SplittingRow } from './splitting.ts'

/** What arXiv:2606.03820 says of its grid: so much less of the mean squared error, at most, with so many segments. */
const CLAIM = { reduction: 0.519, segments: 8 } as const
const UNIFORM = 'uniform in OU time'
const LIPSCHITZ = 'lipschitz'

export function fewStepsReport(results: FewStepsResults, drawn: readonly Figure[]): Report {
  const { seed, time, problem } = results
  return {
    title: 'K steps in place of one',
    equation: EQUATIONS.flow,
    data: results,
    meta: { ...problemFacts(problem), 'Time T': String(time), Seed: String(seed) },
    sections: [
      jumpsSection(results),
      noiseSection(results),
      ...drawn.map((figure) => ({ heading: figure.title, figures: [figure] })),
      timesSection(results),
    ],
  }
}

/** The map as K jumps. */
function jumpsSection({ splitting }: FewStepsResults): ReportSection {
  const counts = [...new Set(splitting.map(({ steps }) => steps))]
  const most = Math.max(...counts)
  const of = (map: SplittingRow['map'], grid: string, steps: number) =>
    splitting.find((row) => row.map === map && row.grid === grid && row.steps === steps)
  const jumps = [...new Set(splitting.map(({ grid }) => grid))]
  const single = of('network', UNIFORM, 1)?.relativeError ?? Number.NaN
  const ofNetwork = splitting.filter(({ map }) => map === 'network')
  const least = (rows: readonly SplittingRow[]) =>
    rows.reduce((a, b) => (b.relativeError < a.relativeError ? b : a))
  const best = least(ofNetwork.filter(({ grid }) => grid === BEST))
  const next = least(ofNetwork.filter(({ grid }) => grid !== BEST))
  return {
    heading: 'What was found: jumps',
    paragraphs: [
      `In one jump the trained two-time map has a relative error of ${formatNumber(single)}. On the times that are best for it the least error is ${formatNumber(best.relativeError)}, at K = ${best.steps}; on the best of the other grids, ${next.grid}, it is ${formatNumber(next.relativeError)}, at K = ${next.steps}.`,
      claimText(splitting),
    ],
    table: {
      caption: `Relative error of the map with ${most} jumps of the network, and with ${most} steps of samplers with the exact score; and the K at which the network's is least`,
      head: ['times', 'network', 'its least', 'at K', 'euler', 'heun'],
      rows: jumps.map((grid) => {
        const own = least(ofNetwork.filter((row) => row.grid === grid))
        const text = (row: SplittingRow | undefined) => (row ? formatNumber(row.relativeError) : nothing)
        const last = of('network', grid, most)
        return [
          grid,
          last ? formatWithError(last.relativeError, last.standardError) : nothing,
          formatNumber(own.relativeError),
          String(own.steps),
          text(of('euler', grid, most)),
          text(of('heun', grid, most)),
        ]
      }),
    },
  }
}

/** What a grid of equal ∫ L dτ gains over one of equal dτ, beside what is claimed for it. */
function claimText(rows: readonly SplittingRow[]): string {
  const ratios = (['network', 'euler', 'heun'] as const).flatMap((map) => {
    const error = (grid: string) =>
      rows.find((row) => row.map === map && row.grid === grid && row.steps === CLAIM.segments)?.relativeError
    const [uniform, lipschitz] = [error(UNIFORM), error(LIPSCHITZ)]
    return uniform && lipschitz ? [{ map, ratio: (lipschitz / uniform) ** 2 }] : []
  })
  if (ratios.length === 0) return ''
  const words = { network: 'jumps of the network', euler: 'Euler steps', heun: 'Heun steps' } as const
  const told = ratios.map(({ map, ratio }) => `${formatNumber(ratio, 2)} for ${words[map]}`)
  const smallest = Math.min(...ratios.map(({ ratio }) => ratio))
  const verdict =
    smallest <= 1 - CLAIM.reduction
      ? 'So much is confirmed here for one of them at least'
      : smallest < 1
        ? 'Here it gains, but less than that'
        : 'Here it gains nothing'
  return (
    `The grid of arXiv:2606.03820, equal parts of the integral of a Lipschitz bound, is said to lower the mean squared error by up to ${formatPercent(CLAIM.reduction)} with ${CLAIM.segments} segments: to ${formatNumber(1 - CLAIM.reduction, 2)} of it. ` +
    `Against equal steps of the time of the same process it is, with ${CLAIM.segments}, ${told.join(', ')}. ${verdict}, on this one problem and without the paper's own training.`
  )
}

/** Consistency sampling. */
function noiseSection({ noising }: FewStepsResults): ReportSection {
  const counts = [...new Set(noising.map(({ steps }) => steps))]
  const all = [...new Set(noising.map(({ grid }) => grid))]
  const of = (grid: string, steps: number) =>
    noising.find((row) => row.grid === grid && row.steps === steps)?.wasserstein2 ?? null
  const least = (grid: string) => Math.min(...counts.flatMap((steps) => of(grid, steps) ?? []))
  const grids = all.filter((grid) => grid !== GREEDY).sort((a, b) => least(a) - least(b))
  return {
    heading: 'What was found: consistency sampling',
    paragraphs: [
      `A network by consistency training has a wrong law, W₂ = ${formatNumber(of(grids[0], 1))} after one evaluation. Noise and further evaluations bring it to ${formatNumber(least(GREEDY))} at times chosen one after another for the least W₂, and to ${formatNumber(least(grids[0]))} on the best of the other grids, ${grids[0]}.`,
    ],
    table: {
      caption: 'W₂ to the data after K evaluations in consistency sampling',
      head: ['times', ...counts.map((steps) => `K = ${steps}`)],
      rows: all.map((grid) => [grid, ...counts.map((steps) => formatNumber(of(grid, steps)))]),
    },
  }
}

function timesSection({ splitting, noising }: FewStepsResults): ReportSection {
  const own = [
    ...splitting.filter(({ map, grid }) => map === 'network' && grid === BEST),
    ...noising.filter(({ grid }) => grid === GREEDY),
  ]
  return {
    heading: 'The times that were chosen',
    table: {
      caption:
        'Times of jumps that are best for the network, and of consistency sampling chosen one after another',
      head: ['times', 'K', 't'],
      rows: own.map(({ grid, steps, times }) => [
        grid,
        String(steps),
        times.map((t) => formatNumber(t, 2)).join(', '),
      ]),
      words: [2],
    },
  }
}
