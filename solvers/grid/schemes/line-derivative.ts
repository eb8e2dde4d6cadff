import type { ButcherTableau } from '../../../src/numeric/butcher-tableau.ts'
import type { Degree } from '../../../src/numeric/interpolation/basis.ts'

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
