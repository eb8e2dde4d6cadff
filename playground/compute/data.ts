import { normalCdf } from '../../src/exact/normal.ts'
import { type LineMap, logMarginal, quantileMap } from '../../src/exact/quantile.ts'
import { type Process, veTime } from '../../src/problem/process.ts'
import type { Mode } from '../state/state.ts'

/** The data of the page, a mixture on the line, with the exact map of a process. */
export interface Data {
  readonly marginal: { weights: Float64Array; means: Float64Array; variances: Float64Array }
  readonly mean: number
  /** c, the standard deviation. */
  readonly scale: number
  /** f(t → u, x), exact, in time and place of the process; u = 0 unless given. */
  readonly flow: LineMap
  /** The same of the VE process. */
  readonly veFlow: LineMap
  /** p₀(x) */
  density(x: number): number
  /** F₀(x) */
  cdf(x: number): number
  /** The minima of p₀ between neighbouring modes, ascending: they divide the data. */
  readonly separatrices: readonly number[]
  /** Where p₀ is not negligible. */
  readonly range: readonly [number, number]
}

const REACH = 5
const SCAN = 400

export function dataOf(modes: readonly Mode[], process: Process): Data {
  const total = modes.reduce((sum, { weight }) => sum + weight, 0)
  const weights = Float64Array.from(modes, ({ weight }) => weight / total)
  const means = Float64Array.from(modes, ({ mean }) => mean)
  const variances = Float64Array.from(modes, ({ std }) => std * std)
  const marginal = { weights, means, variances }
  const log = logMarginal(marginal)
  let mean = 0
  let square = 0
  weights.forEach((weight, k) => {
    mean += weight * means[k]
    square += weight * (variances[k] + means[k] ** 2)
  })
  const density = (x: number) => Math.exp(log(0, x))
  const cdf = (x: number) => {
    let sum = 0
    for (let k = 0; k < weights.length; k++)
      sum += weights[k] * normalCdf((x - means[k]) / Math.sqrt(variances[k]))
    return sum
  }
  const veFlow = quantileMap(marginal)
  return {
    marginal,
    mean,
    scale: Math.sqrt(square - mean * mean),
    flow(t, x, u = 0) {
      if (t === u) return x
      const y = veFlow(veTime(process, t), x / process.alpha(t), veTime(process, u))
      return process.alpha(u) * y
    },
    veFlow,
    density,
    cdf,
    separatrices: minima((x) => log(0, x), means),
    range: [
      Math.min(...modes.map((one) => one.mean - REACH * one.std)),
      Math.max(...modes.map((one) => one.mean + REACH * one.std)),
    ],
  }
}

/** The place of the minimum between each two neighbouring means that has one. */
function minima(log: (x: number) => number, means: Float64Array): number[] {
  const sorted = means.toSorted()
  const found: number[] = []
  for (let k = 0; k + 1 < sorted.length; k++) {
    const [low, high] = [sorted[k], sorted[k + 1]]
    let best = 0
    const values = Array.from({ length: SCAN + 1 }, (_, i) => log(low + ((high - low) * i) / SCAN))
    values.forEach((value, i) => {
      if (value < values[best]) best = i
    })
    const inside = best > 0 && best < SCAN && values[best] < Math.min(values[0], values[SCAN]) - 1e-3
    if (inside) found.push(low + ((high - low) * best) / SCAN)
  }
  return found
}
