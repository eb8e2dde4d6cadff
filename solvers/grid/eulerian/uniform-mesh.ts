import { evaluateExtended } from '../../../src/numeric/interpolation/tensor-spline.ts'
import { cube } from '../../../src/numeric/uniform-grid.ts'
import { extent, steepest } from '../extent-and-slope.ts'
import { tableCarrier } from '../forward-map/table.ts'
import { traceBack } from '../trace-back.ts'
import { schedule } from './march.ts'
import { BEYOND, type MakeMesh } from './mesh.ts'

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
