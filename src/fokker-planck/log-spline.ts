import { type BandSolver, quintic, splineSolver } from '../numeric/interpolation/splines.ts'
import type { UniformGrid } from '../numeric/uniform-grid.ts'
import type { OuterSlopes } from './convolution.ts'

const SPAN = 6
// not-a-knot ends: coefficients before the first node
const ENDS = 2

/**
 * Quintic splines of log p on a grid in one or two dimensions. Outside the box log p goes on from the nearest point of it with
 * the given slopes.
 */
export class LogSpline {
  readonly grid: UniformGrid
  /** Coefficients of a spline. */
  readonly size: number
  readonly #outer: OuterSlopes
  readonly #solve: BandSolver
  readonly #extended: number
  readonly #half: Float64Array
  readonly #line: Float64Array
  // B-splines at the point, their derivatives, first cell, and how far outside, for each axis
  readonly #values = new Float64Array(2 * SPAN)
  readonly #slopes = new Float64Array(2 * SPAN)
  readonly #cell = new Int32Array(2)
  readonly #beyond = new Float64Array(2)
  /** How much log p is lower at the point of the last `value` than at the nearest point of the box, by the slopes outside. */
  beyond = 0

  constructor(grid: UniformGrid, outer: OuterSlopes) {
    this.grid = grid
    this.#outer = outer
    this.#extended = grid.nodes + 2 * ENDS
    this.size = this.#extended ** grid.dimension
    this.#solve = splineSolver(quintic, grid.nodes)
    this.#line = new Float64Array(this.#extended)
    this.#half = new Float64Array(grid.dimension === 2 ? grid.nodes * this.#extended : 0)
  }

  /** The coefficients of the spline through node values. */
  fit(logs: Float64Array, out: Float64Array): void {
    const { nodes: n, dimension } = this.grid
    const e = this.#extended
    const line = this.#line
    if (dimension === 1) {
      out.fill(0)
      out.set(logs, ENDS)
      this.#solve(out)
      return
    }
    const half = this.#half
    for (let i = 0; i < n; i++) {
      line.fill(0)
      for (let j = 0; j < n; j++) line[j + ENDS] = logs[i * n + j]
      this.#solve(line)
      for (let j = 0; j < e; j++) half[i * e + j] = line[j]
    }
    for (let j = 0; j < e; j++) {
      line.fill(0)
      for (let i = 0; i < n; i++) line[i + ENDS] = half[i * e + j]
      this.#solve(line)
      for (let i = 0; i < e; i++) out[i * e + j] = line[i]
    }
  }

  /** The spline at the d coordinates x[start …]; outside the box its value at the nearest point. `beyond` is then above 0. */
  value(c: Float64Array, x: Float64Array, start: number): number {
    const { dimension: d } = this.grid
    let beyond = 0
    for (let i = 0; i < d; i++) {
      this.#locate(i, x[start + i], false)
      const distance = this.#beyond[i]
      if (distance !== 0)
        beyond += distance < 0 ? -distance * this.#outer[i][0] : distance * this.#outer[i][1]
    }
    this.beyond = beyond
    const b = this.#values
    if (d === 1) {
      const at = this.#cell[0]
      let sum = 0
      for (let k = 0; k < SPAN; k++) sum += b[k] * c[at + k]
      return sum
    }
    const e = this.#extended
    let sum = 0
    for (let k = 0, at = this.#cell[0] * e + this.#cell[1]; k < SPAN; k++, at += e) {
      const inner =
        b[6] * c[at] +
        b[7] * c[at + 1] +
        b[8] * c[at + 2] +
        b[9] * c[at + 3] +
        b[10] * c[at + 4] +
        b[11] * c[at + 5]
      sum += b[k] * inner
    }
    return sum
  }

  /** out[start …] += weight · its gradient at x[start …]; outside the box that of the nearest point. */
  addGradient(c: Float64Array, weight: number, x: Float64Array, out: Float64Array, start: number): void {
    const { dimension: d, spacing } = this.grid
    for (let i = 0; i < d; i++) this.#locate(i, x[start + i], true)
    const b = this.#values
    const s = this.#slopes
    const at = this.#cell
    if (d === 1) {
      let sum = 0
      for (let k = 0; k < SPAN; k++) sum += s[k] * c[at[0] + k]
      out[start] += (weight / spacing[0]) * sum
      return
    }
    const e = this.#extended
    let [first, second] = [0, 0]
    for (let k = 0; k < SPAN; k++) {
      const row = (at[0] + k) * e + at[1]
      let [inner, along] = [0, 0]
      for (let l = 0; l < SPAN; l++) {
        inner += b[SPAN + l] * c[row + l]
        along += s[SPAN + l] * c[row + l]
      }
      first += s[k] * inner
      second += b[k] * along
    }
    out[start] += (weight / spacing[0]) * first
    out[start + 1] += (weight / spacing[1]) * second
  }

  #locate(axis: number, x: number, slopes: boolean): void {
    const { low, high, spacing, nodes } = this.grid
    // not a number, as of a trajectory that blew up, is the lower end
    const inside = x > low[axis] ? Math.min(x, high[axis]) : low[axis]
    const distance = x - inside
    this.#beyond[axis] = Number.isNaN(distance) ? Infinity : distance
    const place = (inside - low[axis]) / spacing[axis]
    const cell = Math.min(nodes - 2, Math.floor(place))
    this.#cell[axis] = cell
    quintic.values(place - cell, this.#values, axis * SPAN)
    if (slopes) quintic.derivatives(place - cell, this.#slopes, axis * SPAN)
  }
}
