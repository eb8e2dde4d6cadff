import { type Figure, figures } from '../../src/figures/index.ts'
import type { PdeResults } from './index.ts'
import type { PdeRow } from './row.ts'

/** Points for which the whole work is counted. */
const POINTS = 10_000

/** The whole CPU time for so many points, in seconds. */
function wholeSeconds({ buildSeconds, pointMicroseconds }: PdeRow): number {
  return buildSeconds + (POINTS * pointMicroseconds) / 1e6
}

/** Error against the whole CPU time, and against evaluations, two problems a figure. */
export function pdeFigures({ studies }: PdeResults): Figure[] {
  const views = [
    {
      name: 'pde-cpu',
      title: `Error against CPU time for ${POINTS.toLocaleString('en')} points`,
      label: `CPU seconds, ${POINTS.toLocaleString('en')} points`,
      work: wholeSeconds,
    },
    {
      name: 'pde-evaluations',
      title: `Error against evaluations for ${POINTS.toLocaleString('en')} points`,
      label: 'evaluations for one point',
      work: (row: PdeRow) => row.pointEvaluations + row.buildEvaluations / POINTS,
    },
  ]
  const pairs = Array.from({ length: Math.ceil(studies.length / 2) }, (_, i) =>
    studies.slice(2 * i, 2 * i + 2),
  )
  return views.flatMap(({ name, title, label, work }) =>
    pairs.map((pair, i) =>
      figures.linePanels({
        name: pairs.length > 1 ? `${name}-${i + 1}` : name,
        title:
          pairs.length > 1 ? `${title}: d = ${pair.map(({ dimension }) => dimension).join(' and ')}` : title,
        caption:
          'Relative RMS error at T by importance sampling, against all work: what is spent before the first point (grids, trainings) and what the points cost. Lower and further left is better.',
        panels: pair.map((study) => {
          const families = [...new Set(study.rows.map(({ family }) => family))].map((family) => {
            const own = study.rows.filter((row) => row.family === family)
            return { label: family, x: own.map(work), y: own.map(({ relativeError }) => relativeError) }
          })
          const all = families.flatMap(({ x }) => x).filter((x) => x > 0)
          const [low, high] = [Math.min(...all), Math.max(...all)]
          return {
            title: study.name,
            x: { label, log: true },
            y: { label: 'relative RMS error', log: true },
            lines: [
              ...families,
              { label: 'Gaussian map, no work', x: [low, high], y: [study.gaussian, study.gaussian] },
            ],
            dots: families,
          }
        }),
      }),
    ),
  )
}
