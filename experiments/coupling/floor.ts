import type { CtFixedPointMap } from '../../solvers/fixed-points/index.ts'
import type { Density } from '../../src/problem/density.ts'
import { noiseGiven } from './joint.ts'

/** Below what the loss of consistency training cannot fall, in the units of the loss (relative, over the squared step in θ). */
export interface LossFloor {
  /** E|f_n(X_{t_n}) − f_{n+1}(X_{t_{n+1}})|² at the fixed point, by quadrature. */
  readonly exact: number
  /** Δt² E tr(∇f C ∇fᵀ), its leading order, with ∇f of the fixed point at the mean of X_{t_n}. */
  readonly leading: number
}

const NODES = 2001
const EXTENT = 7

/** The floor of the loss of docs/mathematics.md §4.2 in 1-D, its mean over all N steps. */
export function lossFloor(
  density: Density,
  map: CtFixedPointMap,
  time: number,
  intervals: number,
): LossFloor {
  const { mean, scale, trace } = density.moments
  const angle = Math.atan2(time, scale) / intervals
  const log = new Float64Array(NODES)
  let [exact, leading] = [0, 0]
  for (let n = 0; n < intervals; n++) {
    const late = n + 1 === intervals ? time : scale * Math.tan((n + 1) * angle)
    const early = scale * Math.tan(n * angle)
    const r = Math.hypot(scale, late)
    const width = (2 * EXTENT * r) / (NODES - 1)
    const x = Float64Array.from({ length: NODES }, (_, i) => mean[0] - EXTENT * r + i * width)
    density.logDensity?.(late, x, log)
    const scatter = (map.scatter as NonNullable<CtFixedPointMap['scatter']>)(late, x)
    const noise = noiseGiven(density, late, x)
    const middle = x.map((value, i) => value - (late - early) * noise.mean[i])
    const h = 1e-3 * Math.hypot(scale, early)
    const [below, above] = [-h, h].map((shift) =>
      map.evaluate(
        early,
        middle.map((value) => value + shift),
      ),
    )
    for (let i = 0; i < NODES; i++) {
      const probability = Math.exp(log[i]) * width
      const slope = (above[i] - below[i]) / (2 * h)
      exact += probability * scatter[i]
      leading += probability * (late - early) ** 2 * slope * slope * noise.covariance[i]
    }
  }
  const unit = intervals * angle * angle * trace
  return { exact: exact / unit, leading: leading / unit }
}
