import { ComputationError } from '../errors.ts'
import type { Density } from '../problem/density.ts'
import type { Random } from '../random/random.ts'

/** The shares of p_data * N(0, h² I) in q, h in units of the data scale c. */
const SHARES = [
  { share: 0.4, width: 0 },
  { share: 0.3, width: 0.5 },
  { share: 0.3, width: 1 },
] as const

export interface Proposal {
  /** n·d values drawn from q. */
  readonly x0: Float64Array
  /** n weights w = p_data/q ≤ 2.5. */
  readonly weights: Float64Array
}

/** Whether importance sampling in data space is possible: p_data has a density and can be sampled. */
export function hasProposal(density: Density): boolean {
  return density.logDensity !== undefined && density.sample !== undefined && !density.atomic
}

/**
 * Points from q = 0.4 p_data + 0.3 p_data*N(0, (c/2)² I) + 0.3 p_data*N(0, c² I) with their weights p_data/q
 * (docs/mathematics.md §5): the points between the modes, where consistency functions are steep, are drawn often and
 * weigh little. The shares are exact, not random; the weights use the shares drawn.
 *
 * @throws ComputationError when the density cannot be evaluated or sampled
 */
export function drawProposal(density: Density, count: number, random: Random): Proposal {
  const { dimension: d, moments } = density
  if (!density.logDensity || !density.sample || density.atomic)
    throw new ComputationError(
      `Importance sampling needs a density that can be evaluated; ${density.kind} data has none.`,
    )
  const x0 = density.sample(count, random)
  const counts = SHARES.map(() => 0)
  for (let row = 0; row < count; row++) {
    const part = partOf((row + 0.5) / count)
    counts[part]++
    const width = SHARES[part].width * moments.scale
    if (width > 0) for (let i = 0; i < d; i++) x0[row * d + i] += width * random.normal()
  }
  const logs = SHARES.map(({ width }) => {
    const out = new Float64Array(count)
    density.logDensity?.(width * moments.scale, x0, out)
    return out
  })
  const weights = new Float64Array(count)
  for (let row = 0; row < count; row++) {
    const largest = Math.max(...logs.map((log) => log[row]))
    let q = 0
    logs.forEach((log, part) => {
      q += (counts[part] / count) * Math.exp(log[row] - largest)
    })
    weights[row] = Math.exp(logs[0][row] - largest) / q
  }
  return { x0, weights }
}

/** The part of the mixture that the quantile u of the rows belongs to. */
function partOf(u: number): number {
  let sum = 0
  const part = SHARES.findIndex(({ share }) => {
    sum += share
    return u < sum
  })
  return part < 0 ? SHARES.length - 1 : part
}
