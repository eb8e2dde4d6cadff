import type { Velocity } from '../../characteristics/engine.ts'
import { combine } from '../integrators/combine.ts'
import type { Integrator } from '../integrators/integrator.ts'
import { type Degree, fewestNodes, splineBasis } from '../interpolation/spline-basis.ts'
import { tensorSpline } from '../interpolation/tensor-spline.ts'
import { lineStart, nodeCoordinates, type UniformGrid } from '../uniform-grid.ts'
import type { Discretisation, Scheme } from './scheme.ts'

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
}

const COURANT = 0.9

/**
 * The method of lines for a derivative. Beyond the grid f is continued linearly, also where the flow enters
 * (docs/mathematics.md §2), so the difference quotient of the last interval repeats.
 */
export function lineScheme(line: LineDerivative): LineScheme {
  const stages = line.integrator.b.length
  return {
    ...line,
    mostDimensions: 3,
    courant: COURANT,
    mostCourant: 1,
    orderInAngle: line.integrator.order,
    fewestNodes: fewestNodes(line.degree),
    options: { integrator: line.integrator.name },
    // positions, two velocities, the stages and the point they start from
    numbers: (dimension) => (3 + stages + 1) * dimension,
    discretise: (grid, velocity) => discretise(line, grid, velocity),
  }
}

function discretise(line: LineDerivative, grid: UniformGrid, velocity: Velocity): Discretisation {
  const { dimension: d, nodes } = grid
  const { a, b, c } = line.integrator
  const coordinates = nodeCoordinates(grid)
  const velocityAt = velocityCache(velocity, coordinates)
  const length = grid.size * d
  const stages = b.map(() => new Float64Array(length))
  const point = a.length > 1 ? new Float64Array(length) : stages[0]
  const slopes = new Float64Array(nodes - 1 + 2 * line.ghosts)
  const speed = new Float64Array(nodes)
  const derivative = new Float64Array(nodes)
  const basis = splineBasis(line.degree)

  /** out = −v·∇f. */
  function rate(f: Float64Array, v: Float64Array, out: Float64Array): void {
    out.fill(0)
    for (let axis = 0; axis < d; axis++) {
      const stride = nodes ** (d - 1 - axis) * d
      const lines = grid.size / nodes
      for (let at = 0; at < lines; at++) {
        const start = lineStart(grid, axis, at, d)
        for (let j = 0; j < nodes; j++) speed[j] = v[start + axis + j * stride]
        for (let m = 0; m < d; m++) {
          differences(f, start + m, stride, 1 / grid.spacing[axis])
          line.derivative(slopes, speed, nodes, derivative)
          for (let j = 0; j < nodes; j++) out[start + m + j * stride] -= speed[j] * derivative[j]
        }
      }
    }
  }

  function differences(f: Float64Array, start: number, stride: number, perUnit: number): void {
    const { ghosts } = line
    for (let j = 0, k = start; j < nodes - 1; j++, k += stride)
      slopes[ghosts + j] = (f[k + stride] - f[k]) * perUnit
    slopes.fill(slopes[ghosts], 0, ghosts)
    slopes.fill(slopes[ghosts + nodes - 2], ghosts + nodes - 1)
  }

  return {
    nodes: coordinates,
    step(f, from, to) {
      const h = to - from
      for (let s = 0; s < b.length; s++) {
        if (s > 0) combine(point, f, h, a[s] ?? [], stages)
        rate(s === 0 ? f : point, velocityAt(c[s] === 1 ? to : from + c[s] * h), stages[s])
      }
      combine(f, f, h, b, stages)
    },
    field: (f) => tensorSpline(grid, f, basis),
  }
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
