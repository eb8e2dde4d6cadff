import { MOST_DEVIATIONS } from '../../solvers/fixed-points/index.ts'
import type { Figure } from '../../src/figures/index.ts'
import { formatNumber, nothing } from '../../src/report/format.ts'
import type { Report, ReportSection, ReportTable } from '../../src/report/index.ts'
import { EQUATIONS, problemFacts } from '../experiment.ts'
import type { CouplingResults, CouplingStudy, FixedPointRow } from './index.ts'

/** The page of the study. */
export function couplingReport({ results }: CouplingStudy, figures: readonly Figure[]): Report {
  return {
    title: 'How wrong is the coupling of consistency training?',
    equation: EQUATIONS.training,
    data: results,
    meta: {
      ...problemFacts(results.problem),
      'Time T': String(results.time),
      ...(results.minorMass !== null && {
        'Minor mode': `${formatNumber(results.minorMass)} of the probability`,
      }),
      Trajectories: String(results.trajectories),
      Seed: String(results.seed),
    },
    sections: [
      { heading: 'What was found', paragraphs: findings(results), table: sideBySide(results) },
      ...pairsSection(results),
      ...halvingSection(results),
      ...(results.trained.length > 0
        ? [{ heading: 'Trained networks beside their fixed points', table: trainedTable(results) }]
        : []),
      ...figures.map((figure): ReportSection => ({ heading: figure.title, figures: [figure] })),
      { heading: 'All fixed points', table: fixedPointTable(results) },
    ],
  }
}

function findings({ fixedPoints, minorMass }: CouplingResults): string[] {
  const last = (method: string) => fixedPoints.filter((row) => row.method === method).at(-1)
  const [l2, l1, euler] = [last('ct l2'), last('ct l1'), last('cd euler')]
  const viscosity =
    l2 && euler
      ? `Consistency training has a relative error of ${formatNumber(l2.relativeError)} at N = ${l2.intervals} however well it is trained, where distillation by Euler steps has ${formatNumber(euler.relativeError)}: pairs that share their noise act as a viscosity.`
      : ''
  const median =
    l1 && minorMass !== null
      ? `With the norm in place of its square (ct l1) the minor mode keeps ${formatNumber(l1.minorMass ?? Number.NaN)} of its ${formatNumber(minorMass)} at N = ${l1.intervals}, and no smaller step brings it back.`
      : ''
  const left = last('equation (7)')
    ? ''
    : `Equation (7) is left out: it holds where σ/α at T is at most ${MOST_DEVIATIONS} deviations of the data, and is solved for few steps N only.`
  return [[viscosity, median, left].filter((text) => text !== '').join(' ')].filter((text) => text !== '')
}

/** What was sampled of the pairs of consistency training, on the line. */
function pairsSection({ joint }: CouplingResults): ReportSection[] {
  if (!joint) return []
  return [
    {
      heading: 'The pairs of consistency training',
      paragraphs: [
        'Consistency training pairs X₀ + tε at two times with the same X₀ and ε. Given the later point, the earlier one has the mean of an Euler step of the ODE. It also has a variance Δt² Cov(ε|x), which the ODE does not have.',
      ],
      table: {
        caption: 'Sampled pairs beside theory',
        head: ['of the earlier point', 'found', 'in theory'],
        rows: [
          [
            'mean beside the Euler step, in standard errors',
            formatNumber(Math.abs(joint.meanInErrors)),
            'about 1 or less',
          ],
          ['variance over Δt² Cov(ε|x)', formatNumber(joint.varianceRatio), '1'],
        ],
      },
    },
  ]
}

/** By what each halving of the step divides the error of a fixed point, or the distance of the equation. */
export function halvings(fixedPoints: CouplingResults['fixedPoints']): Map<string, readonly number[]> {
  const methods = [...new Set(fixedPoints.map(({ method }) => method))]
  const ratios = methods.map((method): [string, readonly number[]] => {
    const own = fixedPoints.filter((row) => row.method === method)
    const value = (row: FixedPointRow) => row.distanceToFixedPoint ?? row.relativeError
    return [method, own.slice(1).map((row, i) => value(own[i]) / value(row))]
  })
  return new Map(ratios.filter(([, own]) => own.length > 0))
}

function halvingSection({ fixedPoints }: CouplingResults): ReportSection[] {
  const found = [...halvings(fixedPoints)]
  if (found.length === 0) return []
  const all = [...new Set(fixedPoints.map(({ intervals }) => intervals))]
  const head = ['fixed point', ...all.slice(1).map((n, i) => `N = ${all[i]} → ${n}`)]
  const rows = found.map(([method, ratios]) => [
    method,
    ...all.slice(1).map((_, i) => formatNumber(ratios[i] ?? null)),
  ])
  const caption = 'Error over that of half the step; of equation (7), distance to the fixed point of ct l2'
  return [{ heading: 'What half the step gains', table: { caption, head, rows } }]
}

/**
 * One line an N: the fixed points of training and distillation, equation (7) beside the first, the network beside its own; and what the
 * last halving of the step divides each by.
 */
export function sideBySide({ fixedPoints, trained }: CouplingResults): ReportTable {
  const cell = (value: number | undefined | null) => formatNumber(value ?? null)
  const rows = [...new Set(fixedPoints.map(({ intervals }) => intervals))].map((intervals) => {
    const at = (method: string) =>
      fixedPoints.find((row) => row.method === method && row.intervals === intervals)
    const network = trained.find((row) => row.method === 'ct l2' && row.intervals === intervals)
    return [
      String(intervals),
      ...['ct l2', 'cd euler', 'cd heun'].map((method) => cell(at(method)?.relativeError)),
      ...['equation (7)', 'equation (7), shifted'].map((method) => cell(at(method)?.distanceToFixedPoint)),
      ...[cell(network?.relativeError), cell(network?.ratio)],
    ]
  })
  const ratios = halvings(fixedPoints)
  const last = ['ct l2', 'cd euler', 'cd heun', 'equation (7)', 'equation (7), shifted'].map((method) =>
    cell(ratios.get(method)?.at(-1)),
  )
  return {
    caption:
      'Relative errors at T of fixed points and of a network trained with ct l2; columns of equation (7) are its distance to the fixed point of ct l2',
    head: ['N', 'ct l2', 'cd euler', 'cd heun', '(7)', '(7) shifted', 'network', 'network / ct l2'],
    rows: [...rows, ...(ratios.size > 0 ? [['last halving divides by', ...last, nothing, nothing]] : [])],
  }
}

function trainedTable({ trained }: CouplingResults): ReportTable {
  return {
    caption: 'Relative errors at T',
    head: [
      'network',
      'N',
      'steps',
      'error',
      'predicted',
      'ratio',
      'distance to fixed point',
      'minor mode',
      'loss',
      'floor',
    ],
    rows: trained.map((row) => [
      row.method,
      String(row.intervals),
      String(row.steps),
      formatNumber(row.relativeError),
      formatNumber(row.predictedError),
      formatNumber(row.ratio),
      formatNumber(row.distanceToFixedPoint),
      formatNumber(row.minorMass),
      formatNumber(row.loss),
      formatNumber(row.floor),
    ]),
  }
}

function fixedPointTable({ fixedPoints }: CouplingResults): ReportTable {
  return {
    caption: 'Relative errors at T',
    head: [
      'fixed point',
      'N',
      'error',
      '± standard error',
      'median',
      'minor mode',
      'loss floor',
      'leading order',
      'distance to ct l2',
    ],
    rows: fixedPoints.map((row) => [
      row.method,
      String(row.intervals),
      formatNumber(row.relativeError),
      formatNumber(row.standardError),
      formatNumber(row.medianError),
      formatNumber(row.minorMass),
      formatNumber(row.floor?.exact ?? null),
      formatNumber(row.floor?.leading ?? null),
      formatNumber(row.distanceToFixedPoint),
    ]),
  }
}
