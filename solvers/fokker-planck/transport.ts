import { nodeCoordinates, type UniformGrid } from '../grid/uniform-grid.ts'
import type { LogSpline } from './log-spline.ts'

const BACKGROUND = -80

/** b(t, x) and its divergence for rows of coordinates. */
export interface DriftField {
  /** Whether b_i depends on x_i alone, by one formula for all i: rows may then be of one coordinate. */
  readonly separable: boolean
  drift(t: number, x: Float64Array, out: Float64Array): void
  divergence(t: number, x: Float64Array, out: Float64Array): void
}

/**
 * Transport of a density by dx/dt = b(t, x) alone: log p(t + h, x) = log p(t, y) − ∫ ∇·b along the trajectory that arrives at x from
 * y. Trajectories by one step of the classical Runge–Kutta method, log p(t, y) by the spline.
 */
export class Transport {
  readonly #grid: UniformGrid
  readonly #field: DriftField
  readonly #nodes: Float64Array
  readonly #feet: Float64Array
  readonly #growth: Float64Array
  readonly #stages: readonly Float64Array[]
  readonly #rates: readonly Float64Array[]
  readonly #places: Float64Array
  #known = { from: Number.NaN, to: Number.NaN }

  constructor(grid: UniformGrid, field: DriftField) {
    const { dimension: d, nodes, size, low, high } = grid
    this.#grid = grid
    this.#field = field
    // nodes of both axes one after another where these do not mix
    this.#nodes = field.separable
      ? Float64Array.from({ length: d * nodes }, (_, k) => {
          const [axis, i] = [Math.floor(k / nodes), k % nodes]
          return (low[axis] * (nodes - 1 - i) + high[axis] * i) / (nodes - 1)
        })
      : nodeCoordinates(grid)
    const count = this.#nodes.length
    const rows = field.separable ? count : size
    this.#feet = new Float64Array(count)
    this.#growth = new Float64Array(rows)
    this.#stages = [0, 1, 2, 3].map(() => new Float64Array(count))
    this.#rates = [0, 1, 2, 3].map(() => new Float64Array(rows))
    this.#places = new Float64Array(count)
  }

  /** log p at `to` from the coefficients of log p at `from`. */
  apply(spline: LogSpline, c: Float64Array, from: number, to: number, out: Float64Array): void {
    if (this.#known.from !== from || this.#known.to !== to) this.#trace(from, to)
    this.#known = { from, to }
    const { dimension: d, nodes } = this.#grid
    const feet = this.#feet
    const growth = this.#growth
    if (d === 1 || !this.#field.separable)
      for (let row = 0; row < out.length; row++) out[row] = carried(spline, c, feet, row * d, growth[row])
    else {
      const at = new Float64Array(2)
      for (let i = 0; i < nodes; i++)
        for (let j = 0; j < nodes; j++) {
          at[0] = feet[i]
          at[1] = feet[nodes + j]
          out[i * nodes + j] = carried(spline, c, at, 0, growth[i] + growth[nodes + j])
        }
    }
    addBackground(out)
  }

  /** The feet of the trajectories back from the nodes, and ∫ ∇·b along them. */
  #trace(from: number, to: number): void {
    const h = from - to
    const [k1, k2, k3, k4] = this.#stages
    const [g1, g2, g3, g4] = this.#rates
    const x = this.#nodes
    const y = this.#places
    const { drift, divergence } = this.#field
    const stage = (k: Float64Array, part: number) => {
      for (let i = 0; i < x.length; i++) y[i] = x[i] + part * h * k[i]
    }
    drift(to, x, k1)
    divergence(to, x, g1)
    stage(k1, 0.5)
    drift(to + h / 2, y, k2)
    divergence(to + h / 2, y, g2)
    stage(k2, 0.5)
    drift(to + h / 2, y, k3)
    divergence(to + h / 2, y, g3)
    stage(k3, 1)
    drift(from, y, k4)
    divergence(from, y, g4)
    for (let i = 0; i < x.length; i++) this.#feet[i] = x[i] + (h / 6) * (k1[i] + 2 * (k2[i] + k3[i]) + k4[i])
    // −h: along the trajectory forward in time
    for (let i = 0; i < g1.length; i++) {
      const sum = (-h / 6) * (g1[i] + 2 * (g2[i] + g3[i]) + g4[i])
      this.#growth[i] = Number.isFinite(sum) ? sum : 0
    }
  }
}

/**
 * log p that arrives from a foot. What comes from outside the box is taken to be less than what is at its edge: where trajectories
 * diverge backward in time the growth along them is not to be trusted.
 */
function carried(spline: LogSpline, c: Float64Array, feet: Float64Array, start: number, growth: number) {
  const value = spline.value(c, feet, start)
  const { beyond } = spline
  if (beyond === 0) return value - growth
  return value - Math.max(beyond / 4, beyond + growth)
}

/**
 * Adds a constant density e^−80 of the largest one, in place: corners that drifts empty would else fall without end, and their cliffs
 * upset the spline far into the bulk.
 */
export function addBackground(logs: Float64Array): void {
  let most = -Infinity
  for (let i = 0; i < logs.length; i++) if (logs[i] > most) most = logs[i]
  const floor = most + BACKGROUND
  for (let i = 0; i < logs.length; i++) {
    const above = logs[i] - floor
    if (above < 40)
      logs[i] = above > 0 ? logs[i] + Math.log1p(Math.exp(-above)) : floor + Math.log1p(Math.exp(above))
  }
}
