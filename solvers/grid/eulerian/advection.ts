import type { Velocity } from '../../characteristics/engine.ts'
import type { Scheme } from '../schemes/scheme.ts'
import { lineStart, nodeCoordinates, type UniformGrid } from '../uniform-grid.ts'

/** Steps of a scheme for f_θ + v·∇f = 0 on one grid. Owns all memory that a step needs. */
export interface Advection {
  /** Advances the node values f, [nodes^d, d], from θ = `from` to `to` in place: all components in one sweep. */
  step(f: Float64Array, from: number, to: number): void
}

/** Numbers a node that `advection` keeps: positions, two velocities, the stages and the point they start from. */
export function advectionNumbers(scheme: Scheme, dimension: number): number {
  return (3 + scheme.integrator.b.length + 1) * dimension
}

/**
 * A scheme on a grid. Beyond the grid f is continued linearly, also where the flow enters (docs/mathematics.md §2),
 * so the difference quotient of the last interval repeats.
 */
export function advection(scheme: Scheme, grid: UniformGrid, velocity: Velocity): Advection {
  const { dimension: d, nodes } = grid
  const { a, b, c } = scheme.integrator
  const velocityAt = velocityCache(velocity, nodeCoordinates(grid))
  const length = grid.size * d
  const stages = b.map(() => new Float64Array(length))
  const point = a.length > 1 ? new Float64Array(length) : stages[0]
  const slopes = new Float64Array(nodes - 1 + 2 * scheme.ghosts)
  const speed = new Float64Array(nodes)
  const derivative = new Float64Array(nodes)

  /** out = −v·∇f. */
  function rate(f: Float64Array, v: Float64Array, out: Float64Array): void {
    out.fill(0)
    for (let axis = 0; axis < d; axis++) {
      const stride = nodes ** (d - 1 - axis) * d
      const lines = grid.size / nodes
      for (let line = 0; line < lines; line++) {
        const start = lineStart(grid, axis, line, d)
        for (let j = 0; j < nodes; j++) speed[j] = v[start + axis + j * stride]
        for (let m = 0; m < d; m++) {
          differences(f, start + m, stride, 1 / grid.spacing[axis])
          scheme.derivative(slopes, speed, nodes, derivative)
          for (let j = 0; j < nodes; j++) out[start + m + j * stride] -= speed[j] * derivative[j]
        }
      }
    }
  }

  function differences(f: Float64Array, start: number, stride: number, perUnit: number): void {
    const { ghosts } = scheme
    for (let j = 0, k = start; j < nodes - 1; j++, k += stride)
      slopes[ghosts + j] = (f[k + stride] - f[k]) * perUnit
    slopes.fill(slopes[ghosts], 0, ghosts)
    slopes.fill(slopes[ghosts + nodes - 2], ghosts + nodes - 1)
  }

  return {
    step(f, from, to) {
      const h = to - from
      for (let s = 0; s < b.length; s++) {
        if (s > 0) combine(point, f, h, a[s] ?? [], stages)
        rate(s === 0 ? f : point, velocityAt(c[s] === 1 ? to : from + c[s] * h), stages[s])
      }
      combine(f, f, h, b, stages)
    },
  }
}

/** out = f + h Σ weights[k] stages[k]. */
function combine(
  out: Float64Array,
  f: Float64Array,
  h: number,
  weights: readonly number[],
  stages: readonly Float64Array[],
): void {
  if (out !== f) out.set(f)
  weights.forEach((weight, k) => {
    if (weight === 0) return
    const stage = stages[k]
    const factor = h * weight
    for (let i = 0; i < out.length; i++) out[i] += factor * stage[i]
  })
}

/** The velocity at fixed points for the last two θ asked for: the end of a step is the start of the next. */
function velocityCache(velocity: Velocity, y: Float64Array): (theta: number) => Float64Array {
  let recent = { theta: Number.NaN, v: new Float64Array(y.length) }
  let older = { theta: Number.NaN, v: new Float64Array(y.length) }
  return (theta) => {
    if (theta === recent.theta) return recent.v
    const found = older
    older = recent
    recent = found
    if (found.theta !== theta) velocity(theta, y, found.v)
    found.theta = theta
    return found.v
  }
}
