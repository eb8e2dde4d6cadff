import { scheduleTimes } from '../../solvers/sampling/index.ts'
import type { Mixture } from '../../src/problem/densities/gaussian-sum.ts'

/** What the times of K steps are made for. */
export interface TimeRange {
  /** T of the VE problem. */
  readonly time: number
  /** The scale c of the data. */
  readonly scale: number
  /** Standard deviation of every mode, and the largest distance of two means. */
  readonly std: number
  readonly diameter: number
}

/** K + 1 descending times, the last 0. */
export type Times = Float64Array

type Grid = (steps: number, range: TimeRange) => Times

// the last time before 0 of Karras et al., for data of scale 1
const SIGMA_MIN = 0.004
const NODES = 4000

/**
 * Grids of times by name. The Ornstein–Uhlenbeck process X_τ = e^{−τ} X₀ + √(1 − e^{−2τ}) Z is the VE process at t = √(e^{2τ} − 1); `lipschitz` has
 * steps of equal ∫ L dτ, L the Lipschitz constant of its probability-flow ODE (arXiv:2606.03820).
 */
export const grids: Readonly<Record<string, Grid>> = {
  karras: (steps, { time, scale }) =>
    scheduleTimes('karras', steps, { from: time, to: SIGMA_MIN * scale, scale }),
  'uniform in t': (steps, { time }) => equal(steps, (u) => time * u),
  'uniform in θ': (steps, { time, scale }) => {
    const angle = Math.atan2(time, scale)
    return equal(steps, (u) => scale * Math.tan(angle * u))
  },
  'uniform in OU time': (steps, { time }) => equal(steps, (u) => ofOu(u * toOu(time))),
  lipschitz: (steps, range) => {
    const last = toOu(range.time)
    const total = new Float64Array(NODES + 1)
    for (let k = 1; k <= NODES; k++)
      total[k] = total[k - 1] + (lipschitzBound(((k - 0.5) / NODES) * last, range) * last) / NODES
    return equal(steps, (u) => {
      const wanted = u * total[NODES]
      const k = Math.max(
        1,
        total.findIndex((value) => value >= wanted),
      )
      const share = (wanted - total[k - 1]) / (total[k] - total[k - 1])
      return ofOu(((k - 1 + share) / NODES) * last)
    })
  },
}

/**
 * The largest size of an eigenvalue of ∂v/∂x, v = −x − ∇ log p_τ, that is possible at time τ of the Ornstein–Uhlenbeck process for modes of one
 * standard deviation: ∂v/∂x = (1/σ² − 1) I − (α²/σ⁴) Cov, where Cov, that of the mode's mean given x, is at most a quarter of the squared diameter.
 */
export function lipschitzBound(tau: number, { std, diameter }: Pick<TimeRange, 'std' | 'diameter'>): number {
  const alpha = Math.exp(-tau)
  const variance = alpha ** 2 * std ** 2 + 1 - alpha ** 2
  const within = 1 / variance - 1
  const between = ((alpha * diameter) / (2 * variance)) ** 2
  return Math.max(Math.abs(within), Math.abs(within - between))
}

/** The largest distance of two means of a mixture. */
export function diameterOf({ dimension: d, means }: Mixture): number {
  const rows = Array.from({ length: means.length / d }, (_, k) => means.subarray(k * d, (k + 1) * d))
  return Math.max(...rows.flatMap((a) => rows.map((b) => Math.hypot(...a.map((value, i) => value - b[i])))))
}

function toOu(t: number): number {
  return Math.log1p(t * t) / 2
}

function ofOu(tau: number): number {
  return Math.sqrt(Math.expm1(2 * tau))
}

/** time(u) at u = 1, 1 − 1/K, …, 0. */
function equal(steps: number, time: (u: number) => number): Times {
  return Float64Array.from({ length: steps + 1 }, (_, k) => (k === steps ? 0 : time(1 - k / steps)))
}

/**
 * The times of K jumps with the least sum of costs, for every K up to a largest one: the shortest paths from the last node to the first.
 *
 * @param nodes ascending times, the first 0
 * @param cost of the jump from node i to node j < i
 * @returns the times of K = 1, 2, …
 */
export function shortestPaths(
  nodes: Float64Array,
  most: number,
  cost: (i: number, j: number) => number,
): Times[] {
  const last = nodes.length - 1
  let reached = Float64Array.from(nodes, (_, i) => (i === last ? 0 : Infinity))
  const before: Int32Array[] = []
  const paths: Times[] = []
  for (let steps = 1; steps <= Math.min(most, last); steps++) {
    const next = new Float64Array(nodes.length).fill(Infinity)
    const from = new Int32Array(nodes.length)
    for (let i = 1; i <= last; i++)
      for (let j = 0; j < i; j++) {
        const sum = reached[i] + cost(i, j)
        if (sum >= next[j]) continue
        next[j] = sum
        from[j] = i
      }
    before.push(from)
    reached = next
    const path = [0]
    for (let k = before.length - 1; k >= 0; k--) path.unshift(before[k][path[0]])
    paths.push(Float64Array.from(path, (i) => nodes[i]))
  }
  return paths
}
