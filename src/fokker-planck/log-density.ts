import type { LogSpline } from './log-spline.ts'
import type { TimeSpline } from './time-spline.ts'

// spacings that a slope outside the box is taken from
const INWARD = 4
// numbers read for one point from the splines of one time
const READ = [6, 36]

/**
 * log p_t(x) and its gradient from splines in x and t. Outside the box log p goes on from the nearest point of it as a parabola that falls and
 * bends down, with the slope and the curvature of the spline there where they do, and with none where they do not: never upwards.
 */
export class LogDensity {
  readonly #spline: LogSpline
  readonly #inTime: TimeSpline

  constructor(spline: LogSpline, inTime: TimeSpline) {
    this.#spline = spline
    this.#inTime = inTime
  }

  get box(): readonly (readonly [number, number])[] {
    const { low, high } = this.#spline.grid
    return Array.from(low, (from, i): [number, number] => [from, high[i]])
  }

  get spacing(): Float64Array {
    return this.#spline.grid.spacing
  }

  get diagnostics() {
    return { nodes: this.#spline.grid.nodes, times: this.#inTime.times.length }
  }

  /** log p_t, n values. */
  value(t: number, x: Float64Array, out: Float64Array): void {
    const { dimension: d } = this.#spline.grid
    const c = this.#inTime.at(t)
    for (let row = 0; row < out.length; row++) {
      const edge = this.#edge(x, row * d)
      if (!edge) {
        out[row] = this.#spline.value(c, x, row * d)
        continue
      }
      // the gradient is linear out there
      const there = x.slice(row * d, (row + 1) * d)
      const [here, beyond] = [new Float64Array(d), new Float64Array(d)]
      this.score(t, edge, here)
      this.score(t, there, beyond)
      let sum = this.#spline.value(c, edge, 0)
      for (let i = 0; i < d; i++) {
        const distance = there[i] - edge[i]
        sum += ((falling(here[i], distance) + beyond[i]) / 2) * distance
      }
      out[row] = sum
    }
  }

  /** ∇ log p_t, n·d values. */
  score(t: number, x: Float64Array, out: Float64Array): void {
    const { dimension: d } = this.#spline.grid
    const rows = x.length / d
    const few = 4 * rows * READ[d - 1] < this.#spline.size
    const { weights, vectors } = few ? this.#inTime.terms(t) : { weights: [1], vectors: [this.#inTime.at(t)] }
    out.fill(0)
    for (let start = 0; start < x.length; start += d) {
      const edge = this.#edge(x, start)
      if (edge) this.#outside(t, x, start, edge, out)
      else
        for (let k = 0; k < weights.length; k++)
          this.#spline.addGradient(vectors[k], weights[k], x, out, start)
    }
  }

  #outside(t: number, x: Float64Array, start: number, edge: Float64Array, out: Float64Array): void {
    const { dimension: d, spacing } = this.#spline.grid
    const c = this.#inTime.at(t)
    const here = new Float64Array(d)
    this.#spline.addGradient(c, 1, edge, here, 0)
    for (let i = 0; i < d; i++) out[start + i] = here[i]
    for (let axis = 0; axis < d; axis++) {
      const beyond = x[start + axis] - edge[axis]
      if (beyond === 0) continue
      const width = INWARD * spacing[axis]
      const inside = edge.slice()
      inside[axis] -= Math.sign(beyond) * width
      const slope = new Float64Array(d)
      this.#spline.addGradient(c, 1, inside, slope, 0)
      out[start + axis] = falling(here[axis], beyond)
      for (let i = 0; i < d; i++) {
        const change = ((here[i] - slope[i]) * Math.abs(beyond)) / width
        out[start + i] += i === axis ? falling(change, beyond) : change
      }
    }
    for (let i = 0; i < d; i++) out[start + i] = falling(out[start + i], x[start + i] - edge[i])
  }

  /** The nearest point of the box, or null for a point in it. */
  #edge(x: Float64Array, start: number): Float64Array | null {
    const { dimension: d, low, high } = this.#spline.grid
    let outside = false
    for (let i = 0; i < d; i++) if (!(x[start + i] >= low[i] && x[start + i] <= high[i])) outside = true
    return outside
      ? Float64Array.from({ length: d }, (_, i) => Math.min(high[i], Math.max(low[i], x[start + i])))
      : null
  }
}

/** A slope of log p on the side of the box that `beyond` is on, or 0 where log p would rise outwards by it. */
function falling(slope: number, beyond: number): number {
  return slope * beyond > 0 ? 0 : slope
}
