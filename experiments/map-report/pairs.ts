import { evenly, type PairError, pairTable } from '../../src/certificate/pairs.ts'
import { type Figure, figures } from '../../src/figures/index.ts'
import type { Problem } from '../../src/problem/problem.ts'
import { veTime } from '../../src/problem/process.ts'
import { formatNumber } from '../../src/report/format.ts'
import type { ReportSection } from '../../src/report/index.ts'

/** Times that have a line of the figure. */
const LINES = 6

/** The errors of a two-time map f(t → u, x) by pair of times: a line for each u, and a table. */
export function pairSection(
  { process, density }: Problem,
  pairs: readonly PairError[],
): { readonly section: ReportSection; readonly figure: Figure } {
  const { scale } = density.moments
  const all = [...new Set(pairs.map(({ to }) => to))]
  // to the last but one there is a single pair, no line
  const ends = all.length > 1 ? all.slice(0, -1) : all
  const figure = figures.linePanels({
    name: 'error-by-pair',
    title: 'From which time to which time it is wrong',
    caption:
      'The error of the place at u that the map gives from t, relative to the spread of X_u: a line for each u, which begins at the next time after it.',
    panels: [
      {
        title: '',
        x: { label: 'θ = arctan(t/c) (rad)' },
        y: { label: 'error relative to the spread of X_u', log: true },
        lines: evenly(ends.length, LINES).map((k) => {
          const own = pairs.filter(({ to }) => to === ends[k])
          return {
            label: `to u = ${formatNumber(ends[k])}`,
            x: own.map(({ from }) => Math.atan2(veTime(process, from), scale)),
            y: own.map(({ error }) => error),
          }
        }),
      },
    ],
  })
  const { head, rows } = pairTable(pairs, formatNumber)
  return {
    figure,
    section: {
      heading: figure.title,
      table: { caption: 'Error from each time t to each earlier one u', head, rows },
      figures: [figure],
    },
  }
}
