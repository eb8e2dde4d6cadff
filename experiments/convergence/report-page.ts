import type { Figure } from '../../src/figures/index.ts'
import { formatNumber, nothing } from '../../src/report/format.ts'
import type { Report, ReportSection, ReportTable } from '../../src/report/index.ts'
import { orderText } from '../../src/studies/convergence-test.ts'
import { EQUATIONS, problemFacts } from '../experiment.ts'
import type { ConvergenceStudy } from './index.ts'
import { type Ladder, PRODUCT_TIME, type Varied } from './networks.ts'

const HEADS: Readonly<Record<Varied, string>> = {
  intervals: 'N',
  steps: 'training steps',
  width: 'units a layer',
  dimension: 'dimension',
}

/** The page of the experiment. */
export function convergenceReport(study: ConvergenceStudy, figures: readonly Figure[]): Report {
  const { time, seed, trajectories, networks } = study
  return {
    title: 'Which order does each solver show, and each network?',
    equation: EQUATIONS.consistency,
    data: study,
    meta: {
      ...problemFacts(study.problem),
      'Time T': String(time),
      Trajectories: `${trajectories}; ${networks.settings.trajectories} for networks`,
      Seed: String(seed),
    },
    sections: [
      solversSection(study),
      networksSection(study),
      ...figures.map((figure): ReportSection => ({ heading: figure.title, figures: [figure] })),
      { heading: 'Orders and work of the solvers', table: workTable(study) },
      ...networks.ladders.map(
        (ladder): ReportSection => ({
          heading: `Networks: ${HEADS[ladder.varied]}`,
          table: ladderTable(ladder),
        }),
      ),
    ],
  }
}

function workTable({ lines, trajectories }: ConvergenceStudy): ReportTable {
  return {
    caption: 'Relative RMS error at T, with all work, construction included, shared by the points',
    head: ['solver', '1/step', 'relative error', 'order', 'theory', 'evaluations a point', 'CPU µs a point'],
    rows: lines.flatMap(({ method, order, step, error, observedOrders, evaluations, seconds }) =>
      step.map((h, i) => [
        method,
        String(Math.round(1 / h)),
        formatNumber(error[i]),
        orderText({ error, observedOrders }, i),
        String(order),
        formatNumber(evaluations[i]),
        formatNumber((1e6 * seconds[i]) / trajectories),
      ]),
    ),
  }
}

function ladderTable({ varied, values, lines }: Ladder): ReportTable {
  return {
    caption: 'Relative RMS error at T',
    head: [HEADS[varied], ...lines.map(({ method }) => method)],
    rows: values.map((value, i) => [String(value), ...lines.map(({ error }) => formatNumber(error[i]))]),
  }
}

const WANTED = 1e-6
const NEAR = 0.3

/** Whether orders are those of theory, and what a solver takes to a small error. */
function solversSection({ lines, trajectories }: ConvergenceStudy): ReportSection {
  const near = lines.filter(({ order, observedOrder }) => Math.abs(observedOrder - order) <= NEAR)
  const first = lines.map(({ error }) => error.findIndex((value) => value <= WANTED))
  return {
    heading: 'What was found: solvers',
    paragraphs: [
      `${near.length} of ${lines.length} solvers show the order of theory to ${NEAR} at their two finest steps above rounding. The last three columns are what a point takes at the coarsest step tried with a relative error of at most 10⁻⁶.`,
    ],
    table: {
      caption: 'Order and finest error of every solver, and its work for a small error',
      head: ['solver', 'theory', 'observed', 'finest error', '1/step', 'evaluations a point', 'µs a point'],
      rows: lines.map(({ method, order, observedOrder, error, step, evaluations, seconds }, k) => {
        const i = first[k]
        const work =
          i < 0
            ? [nothing, nothing, nothing]
            : [
                String(Math.round(1 / step[i])),
                formatNumber(evaluations[i]),
                formatNumber((1e6 * seconds[i]) / trajectories, 2),
              ]
        return [
          method,
          String(order),
          observedOrder.toFixed(2),
          formatNumber(error[error.length - 1]),
          ...work,
        ]
      }),
    },
  }
}

const SHOWN = ['pinn', 'cd euler', 'cd heun', 'ct']

/** What takes the place of an order: each error at the smallest and at the largest value of what is varied. */
function networksSection({ networks: { ladders, settings } }: ConvergenceStudy): ReportSection {
  const ends = (values: readonly number[] | undefined) =>
    values ? `${formatNumber(values[0])} → ${formatNumber(values[values.length - 1])}` : nothing
  const rows = ladders.flatMap(({ varied, values, lines }) => {
    const change = `${values[0]} → ${values[values.length - 1]}`
    const row = (name: string, suffix: string) => [
      name,
      change,
      ...SHOWN.map((method) => ends(lines.find((line) => line.method === method + suffix)?.error)),
    ]
    const own = row(HEADS[varied], '')
    return lines.some(({ method }) => method.endsWith(FIXED_POINT))
      ? [own, row(`${HEADS[varied]}, fixed points`, FIXED_POINT)]
      : [own]
  })
  return {
    heading: 'What was found: networks',
    paragraphs: [
      `A network has no order of its own: \`cd\` and \`ct\` can follow the fixed points of their losses, and every loss the length of its training. What is not varied is N = ${settings.intervals}, ${settings.steps} training steps and ${settings.width} units; dimensions are those of rotated products at T = ${PRODUCT_TIME} after ${settings.dimensionSteps} steps.`,
    ],
    table: {
      caption: 'Relative errors at the smallest → at the largest value of what is varied',
      head: ['varied', 'from → to', ...SHOWN],
      words: [1],
      rows,
    },
  }
}

const FIXED_POINT = ', fixed point'
