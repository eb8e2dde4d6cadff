import { Integrator, type Velocity } from '../characteristics/engine.ts'
import { rk4 } from '../numeric/tableaux/low-order.ts'
import { nodeCoordinates, type UniformGrid } from '../numeric/uniform-grid.ts'
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
  /** The feet of the trajectories back from the nodes, and ∫ ∇·b along them. */
  readonly #feet: Float64Array
  readonly #growth: Float64Array
  readonly #state: Float64Array
  readonly #integrator: Integrator
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
    // the feet, followed by the growth along their trajectories
    this.#state = new Float64Array(count + rows)
    this.#feet = this.#state.subarray(0, count)
    this.#growth = this.#state.subarray(count)
    this.#integrator = new Integrator(rk4, count + rows, 1)
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

  /** Follows the trajectories back from the nodes by one step for places and growth together. */
  #trace(from: number, to: number): void {
    const { drift, divergence } = this.#field
    const growth = this.#growth
    const count = this.#feet.length
    this.#feet.set(this.#nodes)
    growth.fill(0)
    const velocity: Velocity = (t, state, out) => {
      const places = state.subarray(0, count)
      drift(t, places, out.subarray(0, count))
      divergence(t, places, out.subarray(count))
    }
    this.#integrator.advance(velocity, to, from, this.#state)
    // back in time: −∫, where log p falls by ∫
    for (let i = 0; i < growth.length; i++) growth[i] = Number.isFinite(growth[i]) ? -growth[i] : 0
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
