import type { Figure } from '../../src/figures/index.ts'
import type { Report, ReportSection, ReportTable } from '../../src/report/index.ts'
import { EQUATIONS } from '../report-head.ts'
import type { MarginalResults, MarginalStudy } from './index.ts'

/** The page of the experiment. */
export function marginalReport(results: MarginalResults, figures: readonly Figure[]): Report {
  return {
    title: 'Do the SDEs and the ODE have the same marginals?',
    equation: EQUATIONS.distribution,
    data: results,
    meta: {
      'Steps of the SDEs': String(results.steps),
      Seed: String(results.seed),
    },
    sections: [
      { heading: 'What was found', paragraphs: findings(results) },
      ...figures.map((figure): ReportSection => ({ heading: figure.title, figures: [figure] })),
      ...results.studies.map((study): ReportSection => ({ heading: study.name, table: table(study) })),
    ],
  }
}

function findings({ studies, level, asExpected }: MarginalResults): string[] {
  return [
    asExpected
      ? `Everywhere the forward SDE, the reverse SDE and the probability-flow ODE agree with p_t, and no slip of the note does (level ${level}).`
      : `Not everything is as theory says at level ${level}: see the tables.`,
    ...studies.map(({ name, test, rows }) => {
      const right = rows.filter(({ expected }) => expected)
      const wrong = rows.filter(({ expected }) => !expected)
      return (
        `${name} (${test}): ${right.filter(({ agrees }) => agrees).length} of ${right.length} laws that should agree do, with p-values from ${Math.min(...right.map(({ pValue }) => pValue)).toPrecision(2)}` +
        (wrong.length > 0
          ? `; ${wrong.filter(({ agrees }) => !agrees).length} of ${wrong.length} laws of slips are told apart, with p-values up to ${Math.max(...wrong.map(({ pValue }) => pValue)).toPrecision(2)}.`
          : '.')
      )
    }),
  ]
}

function table({ test, rows, samples }: MarginalStudy): ReportTable {
  return {
    caption: `${test}, ${samples} points`,
    head: ['law', 't', 'statistic', 'p-value', 'agrees with p_t'],
    rows: rows.map(({ law, time, statistic, pValue, agrees, expected }) => [
      law,
      String(Number(time.toPrecision(4))),
      statistic.toPrecision(3),
      pValue.toPrecision(2),
      `${agrees ? 'yes' : 'no'}${agrees === expected ? '' : ' (!)'}`,
    ]),
  }
}
