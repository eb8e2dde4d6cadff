import type { Figure } from '../../src/figures/index.ts'
import { formatCount, formatNumber, nothing } from '../../src/report/format.ts'
import type { Report, ReportSection } from '../../src/report/index.ts'
import { EQUATIONS } from '../experiment.ts'
import type { PdeResults, PdeStudy } from './index.ts'

/** The page of the experiment. */
export function pdeReport(results: PdeResults, figures: readonly Figure[]): Report {
  return {
    title: 'How is the transport equation best solved? Grids, characteristics and networks',
    equation: EQUATIONS.transport,
    data: results,
    meta: {
      Trajectories: String(results.trajectories),
      Seed: String(results.seed),
    },
    sections: [
      foundSection(results),
      ...figures.map((figure): ReportSection => ({ heading: figure.title, figures: [figure] })),
      ...results.studies.flatMap(tables),
    ],
  }
}

/** The most accurate of each family on each problem, and when a network pays. */
function foundSection({ studies }: PdeResults): ReportSection {
  const best = (study: PdeStudy, family: string) =>
    study.crossingsBySeconds.find((one) => one.family === family)
  const pays = studies.filter((study) => best(study, 'pinn')?.fromPoints != null)
  const error = (study: PdeStudy, family: string) => formatNumber(best(study, family)?.relativeError ?? null)
  return {
    heading: 'What was found',
    paragraphs: [
      `The nodes of a grid are a power of d, so grids end at d = 3; characteristics and samplers cost what the score costs, in any dimension. ${
        pays.length === 0
          ? 'Networks do not pay here: what needs no training is cheaper for any number of points.'
          : `A network pays where one map serves very many points and the error of its training will do: here for d = ${pays.map(({ dimension }) => dimension).join(', ')}.`
      }`,
    ],
    table: {
      caption:
        'The most accurate map of each family, and from how many points on pinn is cheaper than the cheapest of no larger error that needs no training',
      head: [
        'd',
        'Gaussian map',
        'forward-map grid',
        'WENO5 grid',
        'pinn',
        'cheaper from',
        'than',
        'times a point',
      ],
      words: [6],
      rows: studies.map((study) => {
        const pinn = best(study, 'pinn')
        return [
          String(study.dimension),
          formatNumber(study.gaussian),
          ...['forward-map grid', 'WENO5 grid', 'pinn'].map((family) => error(study, family)),
          formatCount(pinn?.fromPoints ?? null),
          pinn?.rival ?? nothing,
          formatNumber(pinn?.speedUp ?? null, 2),
        ]
      }),
    },
  }
}

function tables({ name, rows, crossingsBySeconds }: PdeStudy): ReportSection[] {
  const text = (...values: (number | null)[]) => values.map((value) => formatNumber(value))
  return [
    {
      heading: name,
      table: {
        caption: 'Work before the first point, and for every point; CPU time',
        head: [
          'method',
          'size',
          'relative error',
          '± standard error',
          'median',
          'evaluations before',
          'a point',
          'seconds before',
          'µs a point',
        ],
        rows: rows.map((row) => [
          row.family,
          String(row.size),
          ...text(row.relativeError, row.standardError, row.medianError),
          formatCount(row.buildEvaluations),
          ...text(row.pointEvaluations, row.buildSeconds, row.pointMicroseconds),
        ]),
      },
    },
    {
      heading: `${name}: from how many points on`,
      table: {
        caption:
          'The most accurate of every family beside the cheapest of no larger error that needs nothing before the first point',
        head: [
          'method',
          'size',
          'relative error',
          'beside',
          'its size',
          'its µs a point',
          'times faster a point',
          'cheaper from points on',
        ],
        rows: crossingsBySeconds.map((one) => [
          one.family,
          String(one.size),
          formatNumber(one.relativeError),
          one.rival ?? '–',
          String(one.rivalSize ?? '–'),
          ...text(one.rivalMicroseconds, one.speedUp),
          formatCount(one.fromPoints),
        ]),
      },
    },
  ]
}
