import { gaussHermite } from '../numeric/gauss-quadrature.ts'
import { type BandSolver, quintic, splineSolver } from '../numeric/interpolation/splines.ts'
import { lineStart, type UniformGrid } from '../numeric/uniform-grid.ts'

/** −d log p/dx that log p goes on with outside the box: below and above it, for every axis. */
export type OuterSlopes = readonly (readonly [number, number])[]

// A Gaussian this many spacings wide is summed at the nodes: the error is e^{−2π²·1.4} and less (Poisson summation). A narrower
// one by Gauss–Hermite at points between the nodes.
const NARROW = 1.4
const COUNT = 10
// spacings to the farthest of its nodes, at 4.86 deviations, and what a spline needs beyond
const FARTHEST = Math.ceil(4.86 * Math.sqrt(NARROW)) + 3
// deviations that a sum at the nodes reaches to: 6, and what a slope of log p shifts the integrand by
const REACH = 9
// nodes whose exponentials share a scale: log p may fall by hundreds within a line, not within a block
const BLOCK = 32
// exponents below this count as this: exp would be 0 and its logarithm −∞
const LOWEST = -700
const SPAN = 6
const ENDS = 2

/**
 * log(p ∗ N(0, variance I)) from log p on a grid, axis by axis. Sums of positive terms, so p stays positive and keeps its relative
 * accuracy however small it is.
 */
export class Convolution {
  readonly #grid: UniformGrid
  readonly #outer: OuterSlopes
  readonly #solve: BandSolver
  readonly #coefficients: Float64Array
  #padded = new Float64Array(0)
  #scaled = new Float64Array(0)

  constructor(grid: UniformGrid, outer: OuterSlopes) {
    this.#grid = grid
    this.#outer = outer
    const length = grid.nodes + 2 * FARTHEST
    this.#solve = splineSolver(quintic, length)
    this.#coefficients = new Float64Array(length + 2 * ENDS)
  }

  /** In place. */
  apply(logs: Float64Array, variance: number): void {
    if (variance <= 0) return
    const { dimension, nodes, size, spacing } = this.#grid
    for (let axis = 0; axis < dimension; axis++) {
      const deviation = Math.sqrt(variance) / spacing[axis]
      const stride = nodes ** (dimension - 1 - axis)
      const weights = deviation ** 2 < NARROW ? null : sampledGaussian(deviation)
      const pad = weights ? weights.length - 1 : FARTHEST
      for (let line = 0; line < size / nodes; line++) {
        const start = lineStart(this.#grid, axis, line, 1)
        this.#load(logs, start, stride, pad, axis)
        if (weights) this.#sumAtNodes(weights, logs, start, stride)
        else this.#sumBetween(deviation, logs, start, stride)
      }
    }
  }

  /** A line with `pad` nodes more on both sides. */
  #load(logs: Float64Array, start: number, stride: number, pad: number, axis: number): void {
    const { nodes: n, spacing } = this.#grid
    if (this.#padded.length < n + 2 * pad) {
      this.#padded = new Float64Array(n + 2 * pad)
      this.#scaled = new Float64Array(n + 2 * pad)
    }
    const padded = this.#padded
    const [below, above] = this.#outer[axis]
    for (let i = 0, at = start; i < n; i++, at += stride) padded[pad + i] = logs[at]
    for (let k = 1; k <= pad; k++) {
      padded[pad - k] = padded[pad] - below * k * spacing[axis]
      padded[pad + n - 1 + k] = padded[pad + n - 1] - above * k * spacing[axis]
    }
  }

  #sumAtNodes(weights: Float64Array, out: Float64Array, start: number, stride: number): void {
    const n = this.#grid.nodes
    const m = weights.length - 1
    const padded = this.#padded
    const scaled = this.#scaled
    for (let from = 0; from < n; from += BLOCK) {
      const to = Math.min(n, from + BLOCK)
      let scale = -Infinity
      for (let i = from; i < to + 2 * m; i++) if (padded[i] > scale) scale = padded[i]
      for (let i = from; i < to + 2 * m; i++) scaled[i] = Math.exp(padded[i] - scale)
      for (let i = from; i < to; i++) {
        const centre = i + m
        let sum = weights[0] * scaled[centre]
        for (let k = 1; k <= m; k++) sum += weights[k] * (scaled[centre - k] + scaled[centre + k])
        out[start + i * stride] = scale + (sum > 0 ? Math.log(sum) : LOWEST)
      }
    }
  }

  #sumBetween(deviation: number, out: Float64Array, start: number, stride: number): void {
    const n = this.#grid.nodes
    const padded = this.#padded
    const c = this.#coefficients
    c.fill(0)
    c.set(padded.subarray(0, n + 2 * FARTHEST), ENDS)
    this.#solve(c)
    const { nodes: places, weights: masses } = gaussHermite(COUNT)
    const splines = new Float64Array(places.length * SPAN)
    const cells = places.map((place, q) => {
      const cell = Math.floor(place * deviation)
      quintic.values(place * deviation - cell, splines, q * SPAN)
      return cell
    })
    for (let i = 0; i < n; i++) {
      const centre = i + FARTHEST
      const scale = padded[centre]
      let sum = 0
      for (let q = 0; q < masses.length; q++) {
        const at = centre + cells[q]
        let value = -scale
        for (let k = 0; k < SPAN; k++) value += splines[q * SPAN + k] * c[at + k]
        sum += masses[q] * Math.exp(Math.min(value, -LOWEST))
      }
      out[start + i * stride] = scale + Math.log(sum)
    }
  }
}

/** Half of the weights of a Gaussian at the nodes, normalised. */
function sampledGaussian(deviation: number): Float64Array {
  const weights = new Float64Array(Math.ceil(REACH * deviation) + 1)
  let sum = 0
  for (let k = 0; k < weights.length; k++) {
    weights[k] = Math.exp(-((k / deviation) ** 2) / 2)
    sum += k === 0 ? 1 : 2 * weights[k]
  }
  return weights.map((weight) => weight / sum)
}
