import type { ButcherTableau } from '../../../src/numeric/butcher-tableau.ts'
import { fewestNodes, splineBasis } from '../../../src/numeric/interpolation/splines.ts'
import { tensorSpline } from '../../../src/numeric/interpolation/tensor-spline.ts'
import { nodeCoordinates, type UniformGrid } from '../../../src/numeric/uniform-grid.ts'
import { kernelLines, type LineFields, type Place, plainLines, velocitySlots } from './line-fields.ts'
import type { Discretisation, LineDerivative, Motion, Scheme } from './scheme.ts'

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
    lines: line,
    discretise(grid, velocity, motion) {
      const block = { grid, first: 0, rows: grid.nodes }
      const fields = () =>
        line.kernel
          ? kernelLines(line, line.kernel, block, velocity, slots)
          : plainLines(line, grid, velocity, slots)
      return rungeKuttaSteps(line, grid, fields, motion)
    },
  }
}

/** The end of a step is the start of the next; methods of many stages come back to an angle later on. */
export function velocitiesKept({ c }: ButcherTableau): number {
  return c.length > 4 ? 4 : 2
}

/** Steps of the integrator on fields, which are made with the first step. */
export function rungeKuttaSteps(
  line: LineDerivative,
  grid: UniformGrid,
  fields: () => LineFields,
  motion?: Motion,
): Discretisation {
  let step: Discretisation['step'] | undefined
  return {
    nodes: nodeCoordinates(grid),
    step(f, from, to) {
      step ??= rungeKuttaStep(line, fields(), motion)
      step(f, from, to)
    },
    field: (f) => tensorSpline(grid, f, splineBasis(line.degree)),
  }
}

/** A step of the integrator on fields. */
export function rungeKuttaStep(
  { integrator }: LineDerivative,
  fields: LineFields,
  motion?: Motion,
): Discretisation['step'] {
  const { a, b, c } = integrator
  const known = velocitySlots(velocitiesKept(integrator), fields.velocity)
  const slotAt = (place: Place, theta: number) => {
    if (!motion) return known(theta)
    fields.velocityBehind(place, motion, theta, 0)
    return 0
  }
  return (f, from, to) => {
    const h = to - from
    fields.load(f)
    for (let s = 0; s < b.length; s++) {
      if (s > 0) fields.add('point', h, a[s])
      const place = s === 0 ? 'state' : 'point'
      fields.rate(place, slotAt(place, c[s] === 1 ? to : from + c[s] * h), s)
    }
    fields.add('state', h, b)
    fields.store(f)
  }
}
