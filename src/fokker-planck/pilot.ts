import { InputError } from '../errors.ts'
import type { Density } from '../problem/density.ts'
import type { NonlinearDrift, Process } from '../problem/process.ts'
import { Random } from '../random/random.ts'

/** What a few paths of the process say about p_t. */
export interface Pilot {
  /** [low, high] of all paths at all times, for each coordinate. */
  readonly ranges: readonly (readonly [number, number])[]
  /** The smallest deviation of p_t in any of its modes, about. */
  readonly width: number
  /** How fast log p_t changes at t = 0, about. */
  readonly rate: number
}

const STEPS = 400
const FARTHEST = 1e8
// ∛(rounding), for central differences of a score
const STEP = 6e-6
// quantile over paths that stands for the sharpest mode and the strongest pull
const SHARPEST = 0.95

/**
 * Follows 1000 paths of dX = b dt + σ dB by the tamed Euler method (Hutzenthaler, Jentzen & Kloeden 2012, eq. 4), which stays finite
 * for drifts that grow faster than linearly but pull back.
 *
 * @throws InputError for a drift that is not a number, or carries paths off to infinity
 */
export function pilot(
  process: Process & { readonly nonlinear: NonlinearDrift },
  density: Density,
  x: Float64Array,
  end: number,
): Pilot {
  const { dimension: d } = density
  const { drift, diffusion, nonlinear } = process
  const random = Random.stream(0, 'paths that say how far a density reaches')
  const separable = nonlinear.dimension === null
  const b = new Float64Array(x.length)
  const pulls = new Float64Array(separable ? x.length : x.length / d)
  const ranges = Array.from({ length: d }, (): [number, number] => [Infinity, -Infinity])
  const times = stepTimes(end, process.breaks?.(end) ?? [])
  let variance = modeVariance(density, x)
  let least = variance
  let rate = 0
  for (const [step, t] of times.entries()) {
    for (let i = 0; i < x.length; i++) {
      const range = ranges[i % d]
      if (x[i] < range[0]) range[0] = x[i]
      if (x[i] > range[1]) range[1] = x[i]
    }
    drift(t, x, b)
    const bad = b.findIndex((value) => !Number.isFinite(value))
    if (bad >= 0)
      throw new InputError(
        `problem.process.drift at t = ${t}, x = ${x[bad]}`,
        b[bad],
        'a finite number wherever the process gets to',
      )
    nonlinear.divergence(t, x, pulls)
    const pull = -quantile(pulls, 1 - SHARPEST) / (separable ? 1 : d)
    if (step === 0) rate = Math.abs(pull) + diffusion(t) ** 2 / variance
    if (step === times.length - 1) break
    const h = times[step + 1] - t
    const noise = nonlinear.noise(t, times[step + 1])
    for (let i = 0; i < x.length; i++) {
      x[i] += (b[i] * h) / (1 + h * Math.abs(b[i])) + Math.sqrt(noise) * random.normal()
      if (Math.abs(x[i]) > FARTHEST || (h * Math.abs(b[i]) > 3 && x[i] * b[i] > 0))
        throw new InputError(
          'problem.process.drift',
          `one that carries x = ${x[i]} off to infinity at t = ${t}`,
          'a drift whose paths stay finite up to the time asked for',
        )
    }
    // v' = −2 κ v + σ² of a mode under the strongest pull
    const decay = Math.exp(-2 * Math.max(0, pull) * h)
    variance = decay * variance + noise
    least = Math.min(least, variance)
  }
  return { ranges, width: Math.sqrt(least), rate }
}

/** STEPS equal steps, and the times that none should go across. */
function stepTimes(end: number, breaks: readonly number[]): number[] {
  const equal = Array.from({ length: STEPS + 1 }, (_, i) => (i * end) / STEPS)
  return [...new Set([...equal, ...breaks])].sort((a, b) => a - b)
}

/** 1/(−∂_i s_i) of p_data where it is sharpest. */
function modeVariance(density: Density, x: Float64Array): number {
  const { dimension: d } = density
  const above = new Float64Array(x.length)
  const below = new Float64Array(x.length)
  const curvature = new Float64Array(x.length)
  for (let axis = 0; axis < d; axis++) {
    const shifted = (sign: number) =>
      x.map((value, i) => (i % d === axis ? value + sign * STEP * (1 + Math.abs(value)) : value))
    density.score(0, shifted(1), above)
    density.score(0, shifted(-1), below)
    for (let i = axis; i < x.length; i += d)
      curvature[i] = (below[i] - above[i]) / (2 * STEP * (1 + Math.abs(x[i])))
  }
  const sharpest = quantile(curvature, SHARPEST)
  return sharpest > 0 ? 1 / sharpest : density.moments.scale ** 2
}

function quantile(values: Float64Array, part: number): number {
  const sorted = values.slice().sort()
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))]
}
