import { InputError } from '../../errors.ts'
import type { DdpmSpec } from '../../specification/process.ts'
import type { Process } from '../process.ts'
import { interpolation } from './interpolation.ts'

const NAME = 'problem.process'
/** What keys of `ddpm` are when absent: those of Ho et al. 2006.11239, section 4. */
export const DDPM_DEFAULTS = { steps: 1000, start: 1e-4, end: 0.02 } as const
// of the cosine schedule: Nichol & Dhariwal 2102.09672, section 3.2
const OFFSET = 0.008
const LARGEST_BETA = 0.999

/**
 * The N steps of a discrete diffusion, x_n = √(1 − β_n) x_{n−1} + √β_n z (Ho et al. 2006.11239, eq. 2 and 4), with times t in [0, N]: at t = n
 * α² = ᾱ_n = ∏_{i ≤ n} (1 − β_i) and σ² = 1 − ᾱ_n. Between n ≥ 1 and n + 1 the logarithm of ᾱ/(1 − ᾱ) is linear in t; between 0 and 1, where it
 * is infinite, that of ᾱ is; before an end with β_N = 1, where nothing of the data is left, α is.
 *
 * @throws InputError for keys that contradict each other or a β out of range
 */
export function ddpm(spec: DdpmSpec): Process {
  const betas = spec.betas ?? schedule(spec)
  if (spec.betas) checkBetas(spec)
  const count = betas.length
  // log ᾱ_n, n = 0 … N
  const logs = [0]
  for (const beta of betas) logs.push(logs[logs.length - 1] + Math.log1p(-beta))
  const vanishes = betas[count - 1] === 1
  // log((1 − ᾱ)/ᾱ)
  const ratios = logs.map((log) => Math.log(Math.expm1(-log)))

  /** log ᾱ and its derivative. */
  function at(t: number): { readonly log: number; readonly rate: number } {
    const n = Math.min(Math.floor(t), count - 1)
    if (n === 0) return { log: t * logs[1], rate: logs[1] }
    const slope = ratios[n + 1] - ratios[n]
    const ratio = ratios[n] + (t - n) * slope
    // log(1 + e^r), whatever the size of r
    const log = -(Math.max(ratio, 0) + Math.log1p(Math.exp(-Math.abs(ratio))))
    return { log, rate: Math.expm1(log) * slope }
  }

  const last = Math.exp(logs[count - 1] / 2)
  const atEnd = (t: number) => vanishes && t > count - 1
  const alpha = (t: number) => (atEnd(t) ? last * (count - t) : Math.exp(at(t).log / 2))
  const alphaRate = (t: number) => (atEnd(t) ? -last : (alpha(t) * at(t).rate) / 2)
  return interpolation({
    kind: 'ddpm',
    maximumTime: count,
    alpha,
    sigma: (t) => (atEnd(t) ? Math.sqrt(1 - alpha(t) ** 2) : Math.sqrt(-Math.expm1(at(t).log))),
    rates: { alpha: alphaRate, variance: (t) => -2 * alpha(t) * alphaRate(t) },
  })
}

/** β_1 … β_N of a named schedule, as diffusers' DDPMScheduler makes them (v0.35, `schedulers/scheduling_ddpm.py`), in float64. */
function schedule({
  schedule: name = 'linear',
  start,
  end,
  steps = DDPM_DEFAULTS.steps,
}: DdpmSpec): number[] {
  if (name === 'cosine') {
    if (start !== undefined || end !== undefined)
      throw new InputError(
        `${NAME}.${start === undefined ? 'end' : 'start'}`,
        start ?? end,
        'none with the schedule cosine',
      )
    const bar = (u: number) => Math.cos(((u + OFFSET) / (1 + OFFSET)) * (Math.PI / 2)) ** 2
    return Array.from({ length: steps }, (_, i) =>
      Math.min(1 - bar((i + 1) / steps) / bar(i / steps), LARGEST_BETA),
    )
  }
  const [first, last] = [start ?? DDPM_DEFAULTS.start, end ?? DDPM_DEFAULTS.end]
  if (!(first <= last)) throw new InputError(`${NAME}.end`, last, `at least the start, ${first}`)
  const power = name === 'scaledLinear' ? 2 : 1
  const [low, high] = [first ** (1 / power), last ** (1 / power)]
  return Array.from(
    { length: steps },
    (_, i) => (low + (steps > 1 ? i / (steps - 1) : 0) * (high - low)) ** power,
  )
}

function checkBetas({ betas = [], schedule: name, start, end, steps }: DdpmSpec): void {
  for (const [key, value] of Object.entries({ schedule: name, start, end }))
    if (value !== undefined) throw new InputError(`${NAME}.${key}`, value, 'none beside betas')
  if (steps !== undefined && steps !== betas.length)
    throw new InputError(`${NAME}.steps`, steps, `${betas.length}, the number of betas, or none`)
  betas.forEach((beta, i) => {
    if (!(beta > 0 && (beta < 1 || (beta === 1 && i === betas.length - 1))))
      throw new InputError(`${NAME}.betas[${i}]`, beta, 'a number above 0 and below 1; the last may be 1')
  })
}
