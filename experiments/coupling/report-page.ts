import type { Figure } from '../../src/figures/index.ts'
import type { Report, ReportSection, ReportTable } from '../../src/report/index.ts'
import { EQUATIONS, problemFacts } from '../report-head.ts'
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
      ...(results.minorMass !== null && { 'Minor mode': `${number(results.minorMass)} of the probability` }),
      Trajectories: String(results.trajectories),
      Seed: String(results.seed),
    },
    sections: [
      { heading: 'What was found', paragraphs: findings(results) },
      { heading: 'Fixed points, equation (7) and networks', table: sideBySide(results) },
      ...halvingSection(results),
      { heading: 'Trained networks beside their fixed points', table: trainedTable(results) },
      ...figures.map((figure): ReportSection => ({ heading: figure.title, figures: [figure] })),
      { heading: 'All fixed points', table: fixedPointTable(results) },
    ],
  }
}

function findings({ joint, trained, fixedPoints, minorMass }: CouplingResults): string[] {
  const last = (method: string) => fixedPoints.filter((row) => row.method === method).at(-1)
  const [l2, l1, euler] = [last('ct l2'), last('ct l1'), last('cd euler')]
  return [
    ...(joint
      ? [
          `Consistency training pairs X₀ + tε at two times with the same X₀ and ε. Given the later point, the earlier one has the mean of an Euler step of the ODE (here ${number(Math.abs(joint.meanInErrors))} standard errors away) and a variance Δt² Cov(ε|x) (observed over predicted: ${joint.varianceRatio.toFixed(3)}) that the ODE does not have.`,
        ]
      : []),
    ...(l2 && euler
      ? [
          `At N = ${l2.intervals} its fixed point with the squared norm has a relative error of ${number(l2.relativeError)}, where distillation by Euler steps has ${number(euler.relativeError)}: the scatter acts as an artificial viscosity.`,
        ]
      : []),
    ...(l1 && minorMass !== null
      ? [
          `With the norm in place of its square the fixed point takes conditional medians: the minor mode keeps ${number(l1.minorMass ?? Number.NaN)} of ${number(minorMass)} at N = ${l1.intervals}, and no smaller step brings it back.`,
        ]
      : []),
    ...modifiedFinding(fixedPoints),
    ...halvingFinding(fixedPoints),
    ...trained.map(
      ({ method, intervals, relativeError, predictedError, ratio, floor, loss }) =>
        `A network trained with ${method} at N = ${intervals} has an error of ${number(relativeError)}, ${ratio.toFixed(2)} times what its fixed point predicts (${number(predictedError)})${floor === null ? '' : `; its loss ended at ${number(loss)}, the floor is ${number(floor)}`}.`,
    ),
  ]
}

function modifiedFinding(fixedPoints: CouplingResults['fixedPoints']): string[] {
  const [plain, shifted] = ['equation (7)', 'equation (7), shifted'].map((method) =>
    fixedPoints.filter((row) => row.method === method),
  )
  const last = plain.at(-1)
  if (!last) return []
  const list = (rows: CouplingResults['fixedPoints']) =>
    rows.map(({ distanceToFixedPoint }) => number(distanceToFixedPoint ?? Number.NaN)).join(', ')
  return [
    `The modified equation (7), the transport equation with that viscosity, is at a distance of ${list(plain)} from the fixed point with the squared norm for N = ${plain.map(({ intervals }) => intervals).join(', ')}; with the shift of the velocity by ½ Δt ȧ, the bias of the Euler step, at ${list(shifted)}.`,
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

function halvingFinding(fixedPoints: CouplingResults['fixedPoints']): string[] {
  const found = [...halvings(fixedPoints)].map(
    ([method, ratios]) => `${method} by ${ratios.map((ratio) => ratio.toFixed(2)).join(', ')}`,
  )
  return found.length > 0
    ? [
        `Each halving of the step divides the error at T, and of equation (7) the distance: ${found.join('; ')}.`,
      ]
    : []
}

function halvingSection({ fixedPoints }: CouplingResults): ReportSection[] {
  const found = [...halvings(fixedPoints)]
  if (found.length === 0) return []
  const all = [...new Set(fixedPoints.map(({ intervals }) => intervals))]
  const head = ['fixed point', ...all.slice(1).map((n, i) => `N = ${all[i]} → ${n}`)]
  const rows = found.map(([method, ratios]) => [
    method,
    ...all.slice(1).map((_, i) => (ratios[i] === undefined ? '–' : ratios[i].toFixed(2))),
  ])
  const caption = 'Error over that of half the step; of equation (7), distance to the fixed point of ct l2'
  return [{ heading: 'What half the step gains', table: { caption, head, rows } }]
}

/** One line an N: the fixed points of training and distillation, equation (7) beside the first, the network beside its own. */
export function sideBySide({ fixedPoints, trained }: CouplingResults): ReportTable {
  const cell = (value: number | null | undefined) => (value == null ? '–' : number(value))
  const rows = [...new Set(fixedPoints.map(({ intervals }) => intervals))].map((intervals) => {
    const at = (method: string) =>
      fixedPoints.find((row) => row.method === method && row.intervals === intervals)
    const [ct, euler, heun] = [at('ct l2'), at('cd euler'), at('cd heun')]
    const network = trained.find((row) => row.method === 'ct l2' && row.intervals === intervals)
    return [
      String(intervals),
      cell(ct?.relativeError),
      cell(ct?.medianError),
      cell(euler?.relativeError),
      cell(heun?.relativeError),
      ct && euler ? cell(ct.relativeError / euler.relativeError) : '–',
      cell(at('equation (7)')?.distanceToFixedPoint),
      cell(at('equation (7), shifted')?.distanceToFixedPoint),
      cell(network?.relativeError),
      network ? network.ratio.toFixed(2) : '–',
      cell(network?.distanceToFixedPoint),
    ]
  })
  return {
    caption: 'Relative errors at T, and distances to the fixed point of ct l2',
    head: [
      'N',
      ...['ct l2', 'median', 'cd euler', 'cd heun', 'ct/cd euler', '(7) to ct', '(7) shifted to ct'],
      ...['network', 'over its fixed point', 'network to it'],
    ],
    rows,
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
      number(row.relativeError),
      number(row.predictedError),
      row.ratio.toFixed(2),
      number(row.distanceToFixedPoint),
      row.minorMass === null ? '–' : number(row.minorMass),
      number(row.loss),
      row.floor === null ? '–' : number(row.floor),
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
      number(row.relativeError),
      number(row.standardError),
      number(row.medianError),
      row.minorMass === null ? '–' : number(row.minorMass),
      row.floor ? number(row.floor.exact) : '–',
      row.floor ? number(row.floor.leading) : '–',
      row.distanceToFixedPoint === null ? '–' : number(row.distanceToFixedPoint),
    ]),
  }
}

function number(value: number): string {
  return value >= 1e-3 && value < 1e4 ? String(Number(value.toPrecision(3))) : value.toExponential(1)
}
