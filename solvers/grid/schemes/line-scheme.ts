import type { Integrator } from '../integrators/integrator.ts'
import { fewestNodes, splineBasis } from '../interpolation/spline-basis.ts'
import { tensorSpline } from '../interpolation/tensor-spline.ts'
import { nodeCoordinates, type UniformGrid } from '../uniform-grid.ts'
import { kernelLines } from './kernel-lines.ts'
import type { LineDerivative } from './line-derivative.ts'
import { type LineFields, velocitySlots } from './line-fields.ts'
import { plainLines } from './plain-lines.ts'
import type { Discretisation, Scheme } from './scheme.ts'

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
