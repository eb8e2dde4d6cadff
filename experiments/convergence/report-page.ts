import type { Figure } from '../../src/figures/index.ts'
import { formatNumber } from '../../src/report/format.ts'
import type { Report, ReportSection, ReportTable } from '../../src/report/index.ts'
import { orderText } from '../../src/studies/convergence-test.ts'
import { convergenceText } from '../../src/studies/index.ts'
import { textTable } from '../../src/studies/text-table.ts'
import { EQUATIONS, problemFacts } from '../report-head.ts'
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
      { heading: 'What was found', paragraphs: findings(study) },
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

/** The order table, the networks and what was found, as text. */
export function convergenceStudyText(study: ConvergenceStudy): string {
  const ladders = study.networks.ladders.map((ladder) => {
    const { head, rows } = ladderTable(ladder)
    return textTable(head, rows)
  })
  return `${[convergenceText(study), ...ladders].join('\n')}\n${findings(study).join('\n\n')}\n`
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

function findings(study: ConvergenceStudy): string[] {
  return [...solverFindings(study), ...networkFindings(study)]
}

const WANTED = 1e-6
const NEAR = 0.3

/** Whether orders are those of theory, and what is cheapest. Each solver's numbers are in the table. */
function solverFindings({ lines }: ConvergenceStudy): string[] {
  const named = (method: string) => method.replace(':', ' ')
  const near = lines.filter(({ order, observedOrder }) => Math.abs(observedOrder - order) <= NEAR)
  const reached = lines.flatMap(({ method, step, error, evaluations }) => {
    const i = error.findIndex((value) => value <= WANTED)
    return i < 0
      ? []
      : [{ method, steps: Math.round(1 / step[i]), evaluations: evaluations[i], error: error[i] }]
  })
  const missed = lines.filter(({ error }) => !error.some((value) => value <= WANTED))
  const best = [...reached].sort((a, b) => a.evaluations - b.evaluations)[0]
  const others = missed.map(({ method }) => named(method)).join(', ')
  return [
    `Of ${lines.length} solvers ${near.length} show the order of theory to ${NEAR} at their two finest steps above rounding.`,
    best
      ? `For a relative error of at most 1e-6 the cheapest is ${named(best.method)} (${best.steps}): ${formatNumber(best.evaluations)} evaluations a point.${others === '' ? '' : ` Not reached at any step tried: ${others}.`}`
      : `For a relative error of at most 1e-6 no step tried is fine enough.`,
  ]
}

/** What takes the place of an order. The numbers are in the tables of the networks. */
function networkFindings({ networks: { ladders, settings } }: ConvergenceStudy): string[] {
  const ladder = (varied: Varied) => ladders.find((one) => one.varied === varied)
  const line = (varied: Varied, method: string) =>
    ladder(varied)?.lines.find((one) => one.method === method)?.error ?? []
  const end = (values: readonly number[]) => values[values.length - 1]
  const times = ['ct', 'cd euler', 'cd heun'].flatMap((method) => {
    const own = line('intervals', method)
    const target = line('intervals', `${method}, fixed point`)
    if (target.length === 0) return []
    return [
      `${method} ${formatNumber(own[0] / target[0], 2)} times at the smallest N and ${formatNumber(end(own) / end(target), 2)} times at the largest`,
    ]
  })
  const change = (varied: Varied) =>
    ['pinn', 'cd heun', 'ct']
      .map((method) => {
        const error = line(varied, method)
        return `${method} ${formatNumber(error[0] / end(error), 2)}`
      })
      .join(', ')
  return [
    `A network has no order of its own. cd and ct can follow the fixed points of their losses, and every loss the length of its training.${times.length > 0 ? ` After ${settings.steps} training steps their errors are beside those of the fixed points: ${times.join('; ')}.` : ''}`,
    `More training divides the error by, from the fewest steps to the most: ${change('steps')}. More units a layer divide it by: ${change('width')}. More dimensions, at T = ${PRODUCT_TIME} with ${settings.dimensionSteps} steps, divide it by: ${change('dimension')}; below 1 is larger.`,
  ]
}
