import type { Figure } from '../../src/figures/index.ts'
import { formatCount, formatNumber } from '../../src/report/format.ts'
import type { Report, ReportSection } from '../../src/report/index.ts'
import { EQUATIONS } from '../report-head.ts'
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
      { heading: 'What was found', paragraphs: findings(results) },
      ...figures.map((figure): ReportSection => ({ heading: figure.title, figures: [figure] })),
      ...results.studies.flatMap(tables),
    ],
  }
}

function findings({ studies }: PdeResults): string[] {
  const grids = studies.filter(({ rows }) => rows.some(({ family }) => family === 'forward-map grid'))
  const best = (study: PdeStudy, name: string) =>
    study.crossingsBySeconds.find(({ family }) => family === name)
  const sizes = (name: string) =>
    grids
      .map((study) => `${formatNumber(best(study, name)?.relativeError ?? null)} for d = ${study.dimension}`)
      .join(', ')
  const pays = studies.filter((study) => best(study, 'pinn')?.fromPoints != null)
  return [
    `On the line and in the plane tables solve the equation best. The forward-map grid has an error of ${sizes('forward-map grid')}. WENO5, which has to resolve the layers of f, has ${sizes('WENO5 grid')}.`,
    'A grid has the power d of its nodes an axis, so it ends at d = 3. Characteristics take a point at a time, need nothing before the first, and cost what the score costs in any dimension.',
    pays.length === 0
      ? 'Networks do not pay here: characteristics or a sampler of their error are cheaper for any number of points.'
      : `Networks pay where one map serves many points: in ${pays.map(({ name }) => name).join('; ')}. From how many points on, and by how much, is in the tables below. Their accuracy is that of the training, while characteristics gain digits for a few more evaluations.`,
    `The most accurate pinn of each problem, beside the Gaussian map: ${studies
      .map(
        (study) =>
          `${formatNumber(best(study, 'pinn')?.relativeError ?? null)} beside ${formatNumber(study.gaussian)} for d = ${study.dimension}`,
      )
      .join('; ')}.`,
  ]
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
          ...text(one.rivalSize, one.rivalMicroseconds, one.speedUp),
          formatCount(one.fromPoints),
        ]),
      },
    },
  ]
}
