import type { Integrator } from '../integrators/integrator.ts'

/** A scheme for f_θ + v·∇f = 0: how the derivative along one axis is taken, and what goes with it. */
export interface Scheme {
  readonly name: string
  /** Order of the derivative in h for smooth f. */
  readonly order: number
  readonly integrator: Integrator
  /** The Courant number Σ_i |v_i| Δθ / h_i unless another is asked for. */
  readonly courant: number
  /** Intervals beyond each end of a line that `derivative` reads. */
  readonly ghosts: number
  /** Degree of the spline that evaluates the node values: of matching order. */
  readonly degree: 1 | 5
  /**
   * The derivative at the n nodes of a line, taken from the side the flow comes from.
   *
   * @param slopes the difference quotient of interval j (between nodes j and j + 1) at index ghosts + j
   * @param speed the velocity along the line at the nodes; its sign chooses the side
   * @param out n values
   */
  derivative(slopes: Float64Array, speed: Float64Array, n: number, out: Float64Array): void
}
