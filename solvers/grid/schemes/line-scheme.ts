import type { Integrator } from '../integrators/integrator.ts'
import { type Degree, fewestNodes, splineBasis } from '../interpolation/spline-basis.ts'
import { tensorSpline } from '../interpolation/tensor-spline.ts'
import { nodeCoordinates, type UniformGrid } from '../uniform-grid.ts'
import { kernelLines } from './kernel-lines.ts'
import { type LineFields, velocitySlots } from './line-fields.ts'
import { plainLines } from './plain-lines.ts'
import type { Discretisation, Scheme } from './scheme.ts'

/** A derivative that src/kernels/transport.ts knows too. */
export interface LineKernel {
  /** r of WENO of order 2r − 1; 1 is the first-order difference. */
  readonly stencils: number
  /** Shares, candidates and roughness, where the kernel takes them from here. */
  readonly tables: Float64Array
}

/** How the derivative along a line is taken, and what goes with it. */
export interface LineDerivative {
  readonly name: string
  /** Order of the derivative in h for smooth f. */
  readonly order: number
  readonly integrator: Integrator
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

/** A scheme of the method of lines: derivatives along every axis, and a Runge–Kutta method in θ. */
export interface LineScheme extends Scheme, LineDerivative {
  readonly order: number
  readonly courant: number
  readonly mostCourant: number
}

/**
 * The method of lines for a derivative. Beyond the grid f is continued linearly, also where the flow enters
 * (docs/mathematics.md §2), so the difference quotient of the last interval repeats.
 */
export function lineScheme(line: LineDerivative): LineScheme {
  const stages = line.integrator.b.length
  const slots = velocitiesKept(line.integrator)
  return {
    ...line,
    mostDimensions: 3,
    orderInAngle: line.integrator.order,
    fewestNodes: fewestNodes(line.degree),
    options: { integrator: line.integrator.name },
    // state, point and stages, velocities and how the kernel of a mixture computes them, positions
    numbers: (dimension) => (2 + stages + slots + 6 + 1) * dimension,
    discretise(grid, velocity) {
      const fields = line.kernel
        ? kernelLines(line, line.kernel, grid, velocity, slots)
        : plainLines(line, grid, velocity, slots)
      return rungeKuttaSteps(line, grid, fields)
    },
  }
}

/** The end of a step is the start of the next; methods of many stages come back to an angle later on. */
export function velocitiesKept({ c }: Integrator): number {
  return c.length > 4 ? 4 : 2
}

/** Steps of the integrator on these fields. */
export function rungeKuttaSteps(
  { integrator, degree }: LineDerivative,
  grid: UniformGrid,
  fields: LineFields,
): Discretisation {
  const { a, b, c } = integrator
  const slotOf = velocitySlots(velocitiesKept(integrator), fields.velocity)
  const basis = splineBasis(degree)
  return {
    nodes: nodeCoordinates(grid),
    step(f, from, to) {
      const h = to - from
      fields.load(f)
      for (let s = 0; s < b.length; s++) {
        if (s > 0) fields.add('point', h, a[s])
        fields.rate(s === 0 ? 'state' : 'point', slotOf(c[s] === 1 ? to : from + c[s] * h), s)
      }
      fields.add('state', h, b)
      fields.store(f)
    },
    field: (f) => tensorSpline(grid, f, basis),
  }
}
