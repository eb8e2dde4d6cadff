import { cube, uniformGrid } from '../../../src/numeric/uniform-grid.ts'
import { extent, steepest } from '../extent-and-slope.ts'
import { startingBox } from '../forward-map/box.ts'
import { gridInverse } from '../forward-map/inverse.ts'
import { tableCarrier } from '../forward-map/table.ts'
import { traceBack } from '../trace-back.ts'
import { schedule } from './march.ts'
import { BEYOND, type MakeMesh } from './mesh.ts'

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
