import type { Certificate } from '../../src/certificate/certificate.ts'
import { powerOfTen } from '../../src/figures/ticks.ts'
import { formatNumber, formatPercent, formatWithError, nothing } from '../../src/report/format.ts'
import type { ReportSection } from '../../src/report/index.ts'
import type { MethodResult } from '../../src/report/results.ts'
import { isBaseline } from '../../src/report/results-table.ts'
import type { Comparison } from './index.ts'
import type { Measured } from './tasks.ts'

type Shown = Pick<Comparison, 'results' | 'problem'> & {
  readonly measured: readonly Pick<Measured, 'certificate' | 'cause'>[]
}

export const FINDINGS = 'How far, where and why'

/** How far each method is from the truth, where, and why: a sentence or two on all, and a row a method. */
export function findingsSection(comparison: Shown): ReportSection {
  const { results } = comparison
  const baseline = baselineOf(results)
  const rows = results.methods.filter(({ relativeError }) => relativeError !== null)
  return {
    heading: FINDINGS,
    paragraphs: [summary(rows, baseline)],
    table: {
      caption: 'Each method: how far from the truth, and what its error consists of',
      head: ['method', 'relative error', 'Gaussian map / it', 'where, when and why'],
      words: [3],
      methods: rows.map(({ method }) => method),
      rows: rows.map((row) => [
        row.method,
        formatWithError(row.relativeError, row.standardError),
        baseline === null || isBaseline(row) || !row.relativeError
          ? nothing
          : times(baseline / row.relativeError),
        isBaseline(row)
          ? 'the baseline: exact if the data were Gaussian'
          : reasons(row, comparison).join(' '),
      ]),
    },
  }
}

/** The best of those that were solved and of those that were trained, and what does not pay. */
function summary(rows: readonly MethodResult[], baseline: number | null): string {
  const others = rows.filter((row) => !isBaseline(row))
  const nearest = (among: readonly MethodResult[]) =>
    among.reduce<MethodResult | null>(
      (best, row) => (best && Number(best.relativeError) <= Number(row.relativeError) ? best : row),
      null,
    )
  const all = nearest(others)
  const network = nearest(others.filter(({ certificate }) => certificate !== null))
  if (!all) return 'No method was measured.'
  const below = ({ relativeError }: MethodResult) =>
    baseline === null || !relativeError
      ? ''
      : `, ${times(baseline / relativeError)} times below the Gaussian map`
  const first = `Nearest to the truth is ${all.method}, with a relative error of ${formatNumber(all.relativeError, 2)}${below(all)}.`
  return network === null || network === all
    ? first
    : `${first} Of the networks it is ${network.method}, with ${formatNumber(network.relativeError, 2)}${below(network)}.`
}

function baselineOf({ methods }: Shown['results']): number | null {
  return methods.find(isBaseline)?.relativeError ?? null
}

/** Where the error is, when it arises, and what is known of the cause. */
function reasons(row: MethodResult, { results, measured, problem }: Shown): string[] {
  const { certificate, cause } = measured[results.methods.indexOf(row)]
  return [
    spread(row),
    where(row),
    when(certificate, problem.density.moments.scale),
    bound(certificate),
    cause ?? '',
  ].filter((part) => part !== '')
}

/** What each method's numbers say in sentences: how far it is from the truth, where, and why. */
export function findings(comparison: Shown): { method: string; text: string }[] {
  const baseline = baselineOf(comparison.results)
  return comparison.results.methods
    .filter((row) => !isBaseline(row) && row.relativeError !== null)
    .map((row) => ({
      method: row.method,
      text: [howFar(row, baseline), ...reasons(row, comparison)].join(' '),
    }))
}

/** "1.2", "340", "10⁷". */
function times(ratio: number): string {
  return ratio < 1000 ? formatNumber(ratio, 2) : `about ${powerOfTen(Math.round(Math.log10(ratio)))}`
}

function howFar({ method, relativeError, standardError }: MethodResult, baseline: number | null): string {
  const error = relativeError ?? Number.NaN
  const text = `${method}: relative error ${formatWithError(error, standardError)}`
  if (baseline === null || error === 0) return `${text}.`
  const ratio = baseline / error
  if (ratio < 1) return `${text}, which does not beat the Gaussian map (${formatNumber(baseline)}).`
  return `${text}, ${times(ratio)} times below the Gaussian map.`
}

function spread({ seeds }: MethodResult): string {
  if (!seeds || seeds.length < 2) return ''
  const errors = seeds.map(({ relativeError }) => relativeError)
  return `Over ${seeds.length} seeds the error lies between ${formatNumber(Math.min(...errors))} and ${formatNumber(Math.max(...errors))}.`
}

function where({ betweenModes, worstShare, medianError, relativeError }: MethodResult): string {
  if (!betweenModes || !medianError || !relativeError) return ''
  const share = formatPercent(betweenModes.errorShare)
  const mass = formatPercent(betweenModes.probability)
  const spread = `its worst 0.1 % of points hold ${formatPercent(worstShare ?? 0)} of the squared error`
  if (betweenModes.errorShare > Math.max(0.2, 2 * betweenModes.probability))
    return `Places where the data is thin, between and around its modes or in rare ones, ${mass} of the probability, hold ${share} of its squared error; ${spread}.`
  return `Its error is spread over the modes (median ${formatNumber(medianError)}); ${spread}.`
}

/** The middle half of the certificate's integral over θ, or of its sum of increments, as times. */
function when(certificate: Certificate | null, scale: number): string {
  if (!certificate) return ''
  const { byTime, initialError, increments } = certificate
  // at times of one's own nothing is integrated
  const integrated = byTime.every(({ density }) => Number.isFinite(density))
  const areas = integrated
    ? byTime.map(({ theta, density }, k) =>
        k === 0 ? 0 : ((theta - byTime[k - 1].theta) * (density + byTime[k - 1].density)) / 2,
      )
    : [initialError, ...increments.map(({ size }) => size)]
  const total = areas.reduce((sum, area) => sum + area, 0)
  if (total === 0) return ''
  const timeAt = (share: number) => {
    let sum = 0
    const k = areas.findIndex((area) => {
      sum += area
      return sum >= share * total
    })
    return byTime[k].time / scale
  }
  return `Half of ${integrated ? 'its residual' : 'the sum of its increments'} arises at t between ${formatNumber(timeAt(0.25))} and ${formatNumber(timeAt(0.75))} data scales.`
}

// below it hardly any change is undone
const ALIGNED = 1.05

/** What the certificate says, and how much of what it counts is undone later. */
function bound(certificate: Certificate | null): string {
  if (!certificate) return ''
  const { reason, estimate, cancellation } = certificate
  if (reason !== null) return `Its residual gives no bound: ${reason}.`
  const sum =
    cancellation === null
      ? ''
      : ` What f̂ changes by along the trajectories adds up to ${formatNumber(cancellation)} times the error${cancellation < ALIGNED ? '' : ': some changes are undone later on the way'}.`
  return `The certificate bounds the error by ${formatNumber(estimate)}.${sum}`
}
