import type { Certificate } from '../../src/certificate/certificate.ts'
import type { MethodResult } from '../../src/report/results.ts'
import type { Comparison } from './index.ts'
import type { Measured } from './tasks.ts'

/** What each method's numbers say in a sentence or two: how far it is from the truth, where, and why. */
export function findings({
  results,
  measured,
  problem,
}: Pick<Comparison, 'results' | 'problem'> & {
  readonly measured: readonly Pick<Measured, 'certificate' | 'cause'>[]
}): {
  heading: string
  sentences: { method: string; text: string }[]
} {
  const baseline = results.methods.find(({ method }) => method === 'gaussian')?.relativeError ?? null
  const scale = problem.density.moments.scale
  const sentences = results.methods
    .filter(({ method, relativeError }) => method !== 'gaussian' && relativeError !== null)
    .map((row) => {
      const { certificate, cause } = measured[results.methods.indexOf(row)]
      const parts = [
        howFar(row, baseline),
        spread(row),
        where(row),
        when(certificate, scale),
        bound(certificate),
        cause ?? '',
      ]
      return { method: row.method, text: parts.filter((part) => part !== '').join(' ') }
    })
  return { heading: 'How far, where and why', sentences }
}

function howFar({ method, relativeError, standardError }: MethodResult, baseline: number | null): string {
  const error = relativeError ?? Number.NaN
  const text = `${method}: relative error ${number(error)} ± ${number(standardError ?? Number.NaN)}`
  if (baseline === null || error === 0) return `${text}.`
  const ratio = baseline / error
  if (ratio < 1) return `${text}, which does not beat the Gaussian map (${number(baseline)}).`
  const times =
    ratio < 1000 ? String(Number(ratio.toPrecision(2))) : `about 10^${Math.round(Math.log10(ratio))}`
  return `${text}, ${times} times below the Gaussian map.`
}

function spread({ seeds }: MethodResult): string {
  if (!seeds || seeds.length < 2) return ''
  const errors = seeds.map(({ relativeError }) => relativeError)
  return `Over ${seeds.length} seeds the error lies between ${number(Math.min(...errors))} and ${number(Math.max(...errors))}.`
}

function where({ betweenModes, worstShare, medianError, relativeError }: MethodResult): string {
  if (!betweenModes || !medianError || !relativeError) return ''
  const share = percent(betweenModes.errorShare)
  const mass = percent(betweenModes.probability)
  const spread = `its worst 0.1 % of points hold ${percent(worstShare ?? 0)} of the squared error`
  if (betweenModes.errorShare > Math.max(0.2, 2 * betweenModes.probability))
    return `Places where the data is thin, between and around its modes or in rare ones, ${mass} of the probability, hold ${share} of its squared error; ${spread}.`
  return `Its error is spread over the modes (median ${number(medianError)}); ${spread}.`
}

/** The middle half of the certificate's integral over θ, as times. */
function when(certificate: Certificate | null, scale: number): string {
  if (!certificate) return ''
  const { byTime } = certificate
  const areas = byTime.map(({ theta, density }, k) =>
    k === 0 ? 0 : ((theta - byTime[k - 1].theta) * (density + byTime[k - 1].density)) / 2,
  )
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
  return `Half of its residual arises at t between ${number(timeAt(0.25))} and ${number(timeAt(0.75))} data scales.`
}

/** What the certificate says, and how much of what it counts cancels. */
function bound(certificate: Certificate | null): string {
  if (!certificate) return ''
  const { reason, estimate, cancellation } = certificate
  if (reason !== null) return `Its residual gives no bound: ${reason}.`
  const cancels =
    cancellation === null
      ? ''
      : `; what f̂ changes by along the trajectories adds up to ${number(cancellation)} times the error, the rest cancels`
  return `The certificate bounds the error by ${number(estimate)}${cancels}.`
}

function number(value: number): string {
  return value >= 1e-3 && value < 1e5 ? String(Number(value.toPrecision(3))) : value.toExponential(1)
}

function percent(share: number): string {
  return `${share < 0.01 ? (100 * share).toPrecision(1) : Math.round(100 * share)} %`
}
