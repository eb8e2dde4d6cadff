import type { Velocity } from '../../../src/characteristics/engine.ts'
import { quintic } from '../../../src/numeric/interpolation/splines.ts'
import { tensorSpline } from '../../../src/numeric/interpolation/tensor-spline.ts'
import { lineStart, nodeCoordinates, type UniformGrid } from '../../../src/numeric/uniform-grid.ts'
import type { Discretisation, Scheme } from './scheme.ts'

/**
 * Lax–Wendroff with a limiter, axis by axis with Strang's splitting: second order in h and Δθ where f is smooth, monotone
 * with every limiter but `none` for Courant numbers up to 1. (Lax and Wendroff 1960; Sweby 1984; LeVeque, Finite
 * Volume Methods for Hyperbolic Problems, 2002, eq. 6.40, in the advective form of §9.3.)
 *
 * With ν = −(the way of the characteristic back over Δθ) / h, and Δ the limited differences,
 *
 *     f_j ← f_j − ν Δ_{j−½} − ½ν(1−ν)(φΔ_{j+½} − φΔ_{j−½})   for ν > 0, and its mirror image.
 */
export function laxWendroff(limiter: LimiterName): Scheme {
  return {
    name: limiter === 'none' ? 'lax-wendroff' : `lax-wendroff-${limiter}`,
    order: 2,
    orderInAngle: 2,
    fewestNodes: 8,
    mostDimensions: 3,
    courant: 0.9,
    mostCourant: 1,
    options: { limiter },
    // positions and a velocity
    numbers: (dimension) => 2 * dimension,
    discretise: (grid, velocity) => discretise(limiter, grid, velocity),
  }
}

function discretise(limiter: LimiterName, grid: UniformGrid, velocity: Velocity): Discretisation {
  const { dimension: d, nodes, spacing } = grid
  const limit = limiters[limiter]
  const coordinates = nodeCoordinates(grid)
  const v = new Float64Array(coordinates.length)
  const shift = new Float64Array(nodes)
  // difference k is that of nodes k − 2 and k − 1; two more at both ends, where f is continued linearly
  const differences = new Float64Array(nodes + 3)

  /** Moves all lines along an axis over the time h with the velocity held in v. */
  function sweep(f: Float64Array, axis: number, h: number): void {
    const stride = nodes ** (d - 1 - axis) * d
    for (let line = 0; line < grid.size / nodes; line++) {
      const start = lineStart(grid, axis, line, d)
      wayBack(start + axis, stride, h, spacing[axis])
      for (let m = start; m < start + d; m++) move(f, m, stride)
    }
  }

  /** The Courant number with its sign at every node: the velocity at the middle of the characteristic. */
  function wayBack(start: number, stride: number, h: number, cell: number): void {
    for (let j = 0; j < nodes; j++) {
      const below = start + Math.max(j - 1, 0) * stride
      const above = start + Math.min(j + 1, nodes - 1) * stride
      const slope = (v[above] - v[below]) / (((above - below) / stride) * cell)
      const speed = v[start + j * stride]
      shift[j] = (h / cell) * speed * (1 - 0.5 * h * slope)
    }
  }

  function move(f: Float64Array, start: number, stride: number): void {
    for (let j = 1, at = start; j < nodes; j++, at += stride) differences[j + 1] = f[at + stride] - f[at]
    differences.fill(differences[2], 0, 2)
    differences.fill(differences[nodes], nodes + 1)
    for (let j = 0, at = start; j < nodes; j++, at += stride) {
      const nu = shift[j]
      const forward = nu > 0
      // upstream first
      const far = differences[forward ? j : j + 3]
      const near = differences[forward ? j + 1 : j + 2]
      const beyond = differences[forward ? j + 2 : j + 1]
      const size = Math.abs(nu)
      const correction = limit(near, beyond) - limit(far, near)
      f[at] -= nu * near + 0.5 * nu * (1 - size) * correction
    }
  }

  return {
    nodes: coordinates,
    step(f, from, to) {
      const h = to - from
      velocity(from + h / 2, coordinates, v)
      for (let axis = 0; axis < d - 1; axis++) sweep(f, axis, h / 2)
      sweep(f, d - 1, h)
      for (let axis = d - 2; axis >= 0; axis--) sweep(f, axis, h / 2)
    },
    field: (f) => tensorSpline(grid, f, quintic),
  }
}

/**
 * A limited difference: between 0 and twice the smaller of the two where they have the same sign, 0 (or, without a
 * limit, `ahead`) where they do not.
 *
 * @param behind the difference on the side the flow comes from
 * @param ahead the difference across the interval itself
 */
type Limiter = (behind: number, ahead: number) => number

/**
 * All limiters by name, φ(r)·ahead of LeVeque, Finite Volume Methods for Hyperbolic Problems (2002), §6.11, with
 * r = behind / ahead. A new one is a line in this table.
 */
export const limiters = {
  none: (_behind, ahead) => ahead,
  minmod: (behind, ahead) => (behind * ahead > 0 ? signed(ahead, least(behind, ahead)) : 0),
  mc: (behind, ahead) =>
    behind * ahead > 0 ? signed(ahead, Math.min(2 * least(behind, ahead), Math.abs(behind + ahead) / 2)) : 0,
  superbee: (behind, ahead) =>
    behind * ahead > 0
      ? signed(ahead, Math.min(2 * least(behind, ahead), Math.max(Math.abs(behind), Math.abs(ahead))))
      : 0,
  'van-leer': (behind, ahead) => (behind * ahead > 0 ? (2 * behind * ahead) / (behind + ahead) : 0),
} as const satisfies Record<string, Limiter>

export type LimiterName = keyof typeof limiters

const least = (a: number, b: number): number => Math.min(Math.abs(a), Math.abs(b))

const signed = (like: number, size: number): number => (like > 0 ? size : -size)
