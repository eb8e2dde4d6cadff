import { flow, toComoving } from '../../../src/characteristics/probability-flow.ts'
import { drawNoised } from '../../../src/metrics/carried-sample.ts'
import { evaluateExtended } from '../../../src/numeric/interpolation/tensor-spline.ts'
import { invert } from '../../../src/numeric/matrix.ts'
import { cube, nodeCoordinates, type UniformGrid, uniformGrid } from '../../../src/numeric/uniform-grid.ts'
import type { Density } from '../../../src/problem/density.ts'
import { Random } from '../../../src/random/random.ts'
import type { GridVelocity } from '../counted.ts'
import { startingBox } from '../forward-map/patch.ts'
import { gridInverse, tableCarrier, traceBack } from '../forward-map/table.ts'
import type { Discretisation, Motion, Scheme } from '../schemes/scheme.ts'
import { schedule } from './march.ts'

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

/** Nodes at equal distances over |y_i| ≤ Y, which covers 4096 points drawn from p_t. */
export const uniformMesh: MakeMesh = (scheme, density, velocity, time, { nodes, courant }) => {
  const end = Math.atan2(time, density.moments.scale)
  const d = density.dimension
  const covered = extent(density, time).box
  const grid = cube(d, covered, nodes)
  const thetas = schedule(velocity, grid, end, courant)
  const { step, nodes: start, field } = scheme.discretise(grid, velocity)
  const carrier = tableCarrier(density, BEYOND)
  return {
    extent: covered,
    ...{ grid, start, thetas, step },
    interpolant(theta, state) {
      const spline = field(state)
      return (y) => {
        const beyond: number[] = []
        for (let row = 0; row < y.length; row += d) {
          let far = false
          for (let i = row; i < row + d; i++) far ||= Math.abs(y[i]) > covered
          if (far) beyond.push(row)
        }
        const place = beyond.length > 0 ? y.slice() : y
        evaluateExtended(spline, y)
        traceBack(carrier, theta, y, d, beyond, place)
        return beyond.length
      }
    },
    steepest: () => steepest(density, end, covered),
    get functionEvaluations() {
      return carrier.functionEvaluations
    },
  }
}

/** β, by measurement: docs/mathematics.md §2.5. */
const BETA = 4

/**
 * Nodes y = ξ − β f/c at equal distances in ξ (docs/mathematics.md §2.5): they move with the solution, and are so distributed at all times
 * that 1 + β |∂f/∂y|/c has the same share in every cell. In ξ no slope of f/c is above 1/β, however thin a layer is.
 * The inverse of the spline through the positions of the nodes gives ξ, and f = c (ξ − y)/β.
 */
export const movingMesh: MakeMesh = (scheme, density, velocity, time, { nodes, courant }) => {
  const d = density.dimension
  const end = Math.atan2(time, density.moments.scale)
  const covered = extent(density, time).box
  const box = startingBox(density, time)
  // where ξ is for |y_i| ≤ Y and the starts that lead there
  const grid = uniformGrid(
    box.low.map((start) => -covered + BETA * start),
    box.high.map((start) => covered + BETA * start),
    nodes,
  )
  const motion = { beta: BETA, extent: covered }
  const thetas = schedule(velocity, { ...cube(d, covered, nodes), spacing: grid.spacing }, end, courant)
  const { step, nodes: xi } = scheme.discretise(grid, velocity, motion)
  const carrier = tableCarrier(density, BEYOND)
  return {
    extent: covered,
    start: xi.map((value) => value / (1 + BETA)),
    ...{ grid, motion, thetas, step },
    interpolant(theta, state) {
      const invert = gridInverse(
        grid,
        state.map((f, i) => xi[i] - BETA * f),
      )
      return (y) => {
        const place = y.slice()
        const missed = invert(y)
        for (let i = 0; i < y.length; i++) y[i] = (y[i] - place[i]) / BETA
        traceBack(carrier, theta, y, d, missed, place)
        return missed.length
      }
    },
    steepest: () => steepest(density, end, covered, BETA),
    get functionEvaluations() {
      return box.functionEvaluations + carrier.functionEvaluations
    },
  }
}

/** Nodes an axis of the grid that `steepest` carries, by dimension. */
const NODES = [801, 81, 25]

/** The largest slope of f on the grid, and what it cost to find. */
export interface Steepest {
  /** max |∂f/∂y| / c, or |∂f/∂ξ| / c (Frobenius norm), where the images lie within `extent`. */
  readonly slope: number
  readonly functionEvaluations: number
}

/**
 * The largest slope of f(θ, ·) within |y_i| ≤ extent. No Eulerian grid can tell it, because it shows a layer at most as
 * steep as a cell. The inverse of f has no layers (docs/mathematics.md §2): a coarse grid of starts is carried
 * to θ, and the inverse of the smallest stretching between neighbours is the slope.
 *
 * @param beta β of ξ = y + β f/c: where it is above 0, the slope is that by ξ, of nodes that move
 */
export function steepest(density: Density, theta: number, extent: number, beta = 0): Steepest {
  const d = density.dimension
  const nodes = NODES[d - 1] ?? 2
  const grid = cube(d, extent, nodes)
  const carrier = flow(density, { rtol: 1e-7, atol: 1e-7 })
  const images = carrier.carry(Float64Array.of(0, theta), nodeCoordinates(grid))[1] as Float64Array
  const jacobian = new Float64Array(d * d)
  const inverse = new Float64Array(d * d)
  const strides = Array.from({ length: d }, (_, i) => nodes ** (d - 1 - i))
  let slope = 0
  for (let node = 0; node < grid.size; node++) {
    if (strides.some((stride) => Math.floor(node / stride) % nodes === nodes - 1)) continue
    let inside = true
    for (let m = 0; m < d; m++) {
      inside &&= Math.abs(images[node * d + m]) <= extent
      for (let i = 0; i < d; i++)
        jacobian[m * d + i] = (images[(node + strides[i]) * d + m] - images[node * d + m]) / grid.spacing[i]
    }
    for (let m = 0; m < d; m++) jacobian[m * d + m] += beta
    if (!inside || !(invert(jacobian, d, inverse) > 0)) continue
    slope = Math.max(slope, Math.hypot(...inverse))
  }
  return { slope, functionEvaluations: carrier.functionEvaluations }
}

const SAMPLES = 4096
const LEVELS = 9
const SMALLEST = 5
const MARGIN = 1.1

/**
 * The largest |y_i| (`box`) and |y| (`ball`) of 4096 points drawn from p_t at each of nine angles up to that of `time`,
 * with a margin and at least 5: within these lie all points that are not rare.
 */
export function extent(density: Density, time: number): { box: number; ball: number } {
  const { dimension: d, moments } = density
  const random = Random.stream(0, 'the extent of a grid')
  const end = Math.atan2(time, moments.scale)
  let box = 0
  let ball = 0
  for (let level = 0; level < LEVELS; level++) {
    const t = level === LEVELS - 1 ? time : moments.scale * Math.tan((end * level) / (LEVELS - 1))
    const y = drawNoised(density, t, SAMPLES, random)
    toComoving(density, t, y, y)
    for (let row = 0; row < y.length; row += d) {
      let squares = 0
      for (let i = row; i < row + d; i++) {
        box = Math.max(box, Math.abs(y[i]))
        squares += y[i] * y[i]
      }
      ball = Math.max(ball, Math.sqrt(squares))
    }
  }
  return { box: Math.max(SMALLEST, MARGIN * box), ball: Math.max(SMALLEST, MARGIN * ball) }
}
