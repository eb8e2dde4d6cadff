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
  return [solverFinding(study), networkFinding(study)]
}

const WANTED = 1e-6
const NEAR = 0.3

function solverFinding({ lines, trajectories }: ConvergenceStudy): string {
  const named = (method: string) => method.replace(':', ' ')
  const near = lines.filter(({ order, observedOrder }) => Math.abs(observedOrder - order) <= NEAR)
  const reached = lines.flatMap(({ method, step, error, evaluations, seconds }) => {
    const i = error.findIndex((value) => value <= WANTED)
    if (i < 0) return []
    const micros = formatNumber((1e6 * seconds[i]) / trajectories, 2)
    const work = `${formatNumber(evaluations[i])} evaluations and ${micros} µs of CPU time`
    return [{ work: evaluations[i], text: `${named(method)} (${Math.round(1 / step[i])}) ${work}` }]
  })
  reached.sort((a, b) => a.work - b.work)
  const missed = lines.filter(({ error }) => !error.some((value) => value <= WANTED))
  return [
    `Of ${lines.length} solvers ${near.length} show the order of theory to ${NEAR} at their two finest steps above rounding.`,
    ...(reached.length > 0
      ? [
          `For a relative error of at most 1e-6 a point takes, at the coarsest step tried that has it, ${reached.map(({ text }) => text).join('; ')}.`,
        ]
      : []),
    ...(missed.length > 0
      ? [`At no step tried have it: ${missed.map(({ method }) => named(method)).join(', ')}.`]
      : []),
  ].join(' ')
}

function networkFinding({ networks: { ladders, settings } }: ConvergenceStudy): string {
  const line = (varied: Varied, method: string) =>
    ladders.find((one) => one.varied === varied)?.lines.find((one) => one.method === method)?.error ?? []
  const fromTo = (varied: Varied, method: string) => {
    const error = line(varied, method)
    return `from ${formatNumber(error[0])} to ${formatNumber(error[error.length - 1])}`
  }
  const ends = (varied: Varied) => {
    const values = ladders.find((one) => one.varied === varied)?.values ?? []
    return `${values[0]} to ${values[values.length - 1]}`
  }
  const followed = ['ct', 'cd euler', 'cd heun'].map((method) => {
    const own = line('intervals', method)
    const target = line('intervals', `${method}, fixed point`)
    const ratios = own.map((error, i) => error / target[i])
    const times = `${formatNumber(ratios[0], 2)} to ${formatNumber(ratios[ratios.length - 1], 2)} times its fixed point`
    return `${method} goes ${fromTo('intervals', method)}${target.length > 0 ? `, ${times}` : ''}`
  })
  const all = (varied: Varied) =>
    ['pinn', 'cd heun', 'ct'].map((method) => `${method} ${fromTo(varied, method)}`).join(', ')
  return [
    `A network has no order of its own: cd and ct can follow the fixed points of their losses, and every loss the length of its training. From N = ${ends('intervals')}, with ${settings.steps} training steps, ${followed.join('; ')}.`,
    `From ${ends('steps')} training steps, at N = ${settings.intervals}: ${all('steps')}.`,
    `From ${ends('width')} units a layer: ${all('width')}.`,
    `From d = ${ends('dimension')}, on rotated products at T = ${PRODUCT_TIME} with ${settings.dimensionSteps} steps: ${all('dimension')}, where the map of the Gaussian goes ${fromTo('dimension', 'Gaussian map')}.`,
  ].join(' ')
}
