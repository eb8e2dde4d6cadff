import type { ButcherTableau } from '../../../src/numeric/butcher-tableau.ts'
import type { Degree } from '../../../src/numeric/interpolation/splines.ts'
import type { Field } from '../../../src/numeric/interpolation/tensor-spline.ts'
import type { UniformGrid } from '../../../src/numeric/uniform-grid.ts'
import type { GridVelocity } from '../counted.ts'

/** A scheme for f_θ + v·∇f = 0, f: R^d → R^d, on a tensor grid over |y_i| ≤ Y. */
export interface Scheme {
  readonly name: string
  /** Order in h for smooth f, with steps in θ so small that their error does not show. */
  readonly order: number
  /** Order in Δθ. */
  readonly orderInAngle: number
  /** Nodes an axis it takes at least. */
  readonly fewestNodes: number
  /** Dimensions it is made for, from 1 to this. */
  readonly mostDimensions: 1 | 2 | 3
  /** The Courant number Σ_i |v_i| Δθ / h_i unless another is asked for, and the largest it takes. */
  readonly courant: number
  readonly mostCourant: number
  /** Of a scheme of the method of lines: it takes nodes that move, and threads where it has a kernel. */
  readonly lines?: LineDerivative
  /** What goes with it, for the record. */
  readonly options: Readonly<Record<string, string | number>>
  /** 64-bit numbers a node that a discretisation keeps beside the states. */
  numbers(dimension: number): number
  /**
   * @param grid nodes an axis, the box, and the spacing by which the Courant number is counted
   * @param motion how the nodes move, for a scheme that takes that
   */
  discretise(grid: UniformGrid, velocity: GridVelocity, motion?: Motion): Discretisation
}

/**
 * Nodes y = ξ − β f, where ξ runs over the grid (docs/mathematics.md §2.5): in ξ the equation reads f_θ + v(θ, ξ − β f)·∇_ξ f = 0, so
 * that a scheme needs the velocity at other places and nothing else.
 */
export interface Motion {
  /** β, above 0 */
  readonly beta: number
  /** Y: beyond |y_i| ≤ Y the velocity is that of the nearest point within. */
  readonly extent: number
}

/** A scheme on one grid. Owns all memory that a step needs. */
export interface Discretisation {
  /** [size, d] the nodes: y (or ξ) at which the values of a state are taken, the last axis fastest */
  readonly nodes: Float64Array
  /** Advances the node values f, [size, d], from θ = `from` to `to` in place: all components in one sweep. */
  step(f: Float64Array, from: number, to: number): void
  /** The function whose node values are f, by an interpolation of matching order. */
  field(f: Float64Array): Field
}

/** A derivative that src/kernels/transport.ts knows too. */
export interface LineKernel {
  /** r of WENO of order 2r − 1; 1 is the first-order difference. */
  readonly stencils: number
  /** Linear weights, candidates and smoothness indicators, where the kernel takes them from here. */
  tables(): Float64Array
}

/** How the derivative along a line is taken, and what goes with it. */
export interface LineDerivative {
  readonly name: string
  /** Order of the derivative in h for smooth f. */
  readonly order: number
  readonly integrator: ButcherTableau
  /** Intervals beyond each end of a line that `derivative` reads. */
  readonly ghosts: number
  /** The spline that evaluates the node values: of matching order. */
  readonly degree: Degree
  /** The Courant number unless another is asked for, and the largest it takes. */
  readonly courant: number
  readonly mostCourant: number
  /** The same in SIMD, to the same bits; without one, lines go through `derivative`. */
  readonly kernel?: LineKernel
  /**
   * The derivative at the n nodes of a line, taken from the side the flow comes from.
   *
   * @param slopes the difference quotient of interval j (between nodes j and j + 1) at index ghosts + j
   * @param speed the velocity along the line at the nodes; its sign chooses the side
   * @param out n values
   */
  derivative(slopes: Float64Array, speed: Float64Array, n: number, out: Float64Array): void
}
