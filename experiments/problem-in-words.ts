import { DDPM_DEFAULTS } from '../src/problem/processes/ddpm.ts'
import type { ProblemRecord } from '../src/specification/problem.ts'
import type { DdpmSpec } from '../src/specification/process.ts'

/** A problem as the head of a report says it: words, and a formula where it is short. */
interface ProblemInWords {
  readonly data: string
  readonly process: string
}

// more parts than these are counted, not written out
const MOST_PARTS = 4

/** What a specification says, in words and a formula: of whole numbers and short ones as they are, of others three digits. */
export function problemInWords({ data, process }: ProblemRecord): ProblemInWords {
  return { data: dataInWords(data), process: processInWords(process) }
}

function dataInWords(data: ProblemRecord['data']): string {
  switch (data.kind) {
    case 'gaussian':
      return `a Gaussian ${place(data.mean.length)}${data.mean.length === 1 ? `: ${normal(data.mean[0], Math.sqrt(data.covariance[0][0]))}` : ''}`
    case 'mixture': {
      const [{ length: d }] = data.means
      const count = data.weights.length
      if (data.factors)
        return `a mixture of ${count} factor analyser${count === 1 ? '' : 's'} ${place(d)}, with ${Math.max(...data.factors.map(([row]) => row.length))} factors`
      const std = (k: number) => {
        const [own] = [data.stds?.[k]].flat()
        return own ?? Math.sqrt(data.covariances?.[k][0][0] ?? Number.NaN)
      }
      const parts = data.means.map(([mean], k) => `${short(data.weights[k])} ${normal(mean, std(k))}`)
      const formula = d === 1 && count <= MOST_PARTS ? `: ${parts.join(' + ')}` : ''
      return `a mixture of ${count} Gaussian${count === 1 ? '' : 's'} ${place(d)}${formula}`
    }
    case 'product': {
      const d = data.marginals.length
      return `a product of ${d} mixture${d === 1 ? '' : 's'} on the line${data.rotation ? ', rotated: the coordinates of Rx are independent' : ''}`
    }
    case 'empirical': {
      const rows = data.points?.length
      const points = `${rows === undefined ? '' : `${rows} `}points${rows === undefined ? '' : ` ${place(data.points?.[0].length ?? 1)}`}`
      if (data.bandwidth === 0) return `point masses at ${points}`
      const h = typeof data.bandwidth === 'number' ? short(data.bandwidth) : "by Silverman's rule"
      return `the kernel density of ${points}, p(x) = mean of N(x; xᵢ, h²), bandwidth h ${typeof data.bandwidth === 'number' ? '= ' : ''}${h}`
    }
    case 'expression':
      return `known by the score alone: s(t, x) = ${[data.score].flat().join(', ')}`
    case 'radial':
      return `spheres ${place(data.dimension)}, smoothed: radii ${data.radii.map(short).join(', ')}, thickness ${data.thicknesses.map(short).join(', ')}`
    case 'formula':
      return `the density proportional to ${data.density}`
    case 'neural':
      return 'what a network says: its own flow is the truth here'
    case 'function':
      return `known by functions, ${place(data.dimension)}`
  }
}

function processInWords(process: ProblemRecord['process']): string {
  switch (process.kind) {
    case 've':
    case 'edm':
      return `${process.kind}: X_t = X₀ + t Z`
    case 'vp':
    case 'subVp':
      return `${process.kind}: X_t = α(t) X₀ + σ(t) Z, β from ${short(process.betaMin)} to ${short(process.betaMax)}`
    case 'flowMatching':
      return 'flowMatching: X_t = (1 − t) X₀ + t Z'
    case 'cosine':
      return `cosine: X_t = α(t) X₀ + σ(t) Z, α = cos(π/2 (t + s)/(1 + s))/cos(π/2 s/(1 + s)), σ² = 1 − α², s = ${short(process.s)}`
    case 'ddpm':
      return `ddpm: X_n = α_n X₀ + σ_n Z at the integers n, α_n² = ∏(1 − β_i) over i ≤ n, σ_n² = 1 − α_n², ${betasInWords(process)}`
    case 'interpolant':
      return `interpolant: X_t = α(t) X₀ + σ(t) Z, α = ${process.alpha}, σ = ${process.sigma}`
    case 'custom':
      return `custom: dX = b dt + σ dB, b = ${[process.drift].flat().join(', ')}, σ = ${process.sigma}`
    default:
      return `${process.kind}: X_t = α(t) X₀ + σ(t) Z`
  }
}

function betasInWords({ betas, schedule = 'linear', start, end, steps }: DdpmSpec): string {
  if (betas) return `${betas.length} β from ${short(betas[0])} to ${short(betas[betas.length - 1])}`
  const count = `${steps ?? DDPM_DEFAULTS.steps} steps`
  if (schedule === 'cosine') return `cosine schedule of ${count}`
  return `${schedule} schedule of ${count}, β from ${short(start ?? DDPM_DEFAULTS.start)} to ${short(end ?? DDPM_DEFAULTS.end)}`
}

function place(dimension: number): string {
  return dimension === 1 ? 'on the line' : dimension === 2 ? 'in the plane' : `in ${dimension} dimensions`
}

function normal(mean: number, std: number): string {
  return `N(${short(mean)}, ${short(std)}²)`
}

function short(value: number): string {
  return String(Number(value.toPrecision(3))).replace('-', '−')
}
