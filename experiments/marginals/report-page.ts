import type { Figure } from '../../src/figures/index.ts'
import { formatNumber, nothing } from '../../src/report/format.ts'
import type { Report, ReportSection, ReportTable } from '../../src/report/index.ts'
import { EQUATIONS } from '../experiment.ts'
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
      foundSection(results),
      ...figures.map((figure): ReportSection => ({ heading: figure.title, figures: [figure] })),
      ...results.studies.map((study): ReportSection => ({ heading: study.name, table: table(study) })),
    ],
  }
}

/** How many laws come out as theory says. */
function foundSection({ studies, level, asExpected }: MarginalResults): ReportSection {
  return {
    heading: 'What was found',
    paragraphs: [
      asExpected
        ? `Everywhere the forward SDE, the reverse SDE and the probability-flow ODE agree with p_t, and no slip of the note does (level ${level}).`
        : `Not everything is as theory says at level ${level}: see the tables.`,
    ],
    table: {
      caption:
        'Laws that should agree and do, with the smallest p-value; laws of slips that are told apart, with the largest',
      head: ['problem', 'agree', 'smallest p', 'told apart', 'largest p'],
      rows: studies.map(({ name, rows }) => {
        const right = rows.filter(({ expected }) => expected)
        const wrong = rows.filter(({ expected }) => !expected)
        const p = (of: typeof rows) => of.map(({ pValue }) => pValue)
        return [
          name,
          `${right.filter(({ agrees }) => agrees).length} of ${right.length}`,
          formatNumber(Math.min(...p(right)), 2),
          wrong.length === 0 ? nothing : `${wrong.filter(({ agrees }) => !agrees).length} of ${wrong.length}`,
          wrong.length === 0 ? nothing : formatNumber(Math.max(...p(wrong)), 2),
        ]
      }),
    },
  }
}

function table({ test, rows, samples }: MarginalStudy): ReportTable {
  return {
    caption: `${test}, ${samples} points`,
    head: ['law', 't', 'statistic', 'p-value', 'agrees with p_t'],
    rows: rows.map(({ law, time, statistic, pValue, agrees, expected }) => [
      law,
      ...[time, statistic, pValue].map((value) => formatNumber(value)),
      `${agrees ? 'yes' : 'no'}${agrees === expected ? '' : ' (!)'}`,
    ]),
  }
}
