import type { UniformGrid } from '../../../src/numeric/uniform-grid.ts'
import type { Density } from '../../../src/problem/density.ts'
import type { GridVelocity } from '../counted.ts'
import type { Steepest } from '../extent-and-slope.ts'
import type { Discretisation, Motion, Scheme } from '../schemes/scheme.ts'

/** Relative tolerance of the characteristics of points beyond a mesh. */
export const BEYOND = 1e-11

/** What the Courant number and the size of a mesh are chosen by. */
export interface MeshSettings {
  /** Nodes an axis. */
  readonly nodes: number
  /** The Courant number Σ_i |v_i| Δθ / h_i. */
  readonly courant: number
}

/** Where the nodes of an Eulerian solution are, and how it is evaluated between them. */
interface Mesh {
  /** The mesh covers |y_i| ≤ extent. */
  readonly extent: number
  /** In the coordinate in which the nodes are uniform, and how they move with it. */
  readonly grid: UniformGrid
  readonly motion?: Motion
  /** Node values at θ = 0. */
  readonly start: Float64Array
  /** The ends of the steps. */
  readonly thetas: Float64Array
  readonly step: Discretisation['step']
  /** f at θ from node values: replaces the rows of y. Returns how many had to be followed along their own characteristics. */
  interpolant(theta: number, state: Float64Array): (y: Float64Array) => number
  /** The largest change of f over a unit of that coordinate. */
  steepest(): Steepest
  /** Evaluations of the score so far, beside those of the steps. */
  readonly functionEvaluations: number
}

/** Makes the mesh of a problem for angles up to that of a VE time. */
export type MakeMesh = (
  scheme: Scheme,
  density: Density,
  velocity: GridVelocity,
  time: number,
  settings: MeshSettings,
) => Mesh
