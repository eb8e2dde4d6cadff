import type { Velocity } from '../../../src/characteristics/engine.ts'
import { lineStart, nodeCoordinates, type UniformGrid } from '../../../src/numeric/uniform-grid.ts'
import { type LineFields, type Place, physicalNodes } from './line-fields.ts'
import type { LineDerivative } from './scheme.ts'

/** The fields in plain TypeScript, for derivatives without a kernel; what the kernels are compared with. */
export function plainLines(
  line: LineDerivative,
  grid: UniformGrid,
  velocity: Velocity,
  slots: number,
): LineFields {
  const { dimension: d, nodes } = grid
  const { ghosts } = line
  const length = grid.size * d
  const coordinates = nodeCoordinates(grid)
  const fields = (count: number) => Array.from({ length: count }, () => new Float64Array(length))
  const stages = fields(line.integrator.b.length)
  const velocities = fields(slots)
  const at: Record<Place, Float64Array> = {
    state: new Float64Array(length),
    point: new Float64Array(length),
  }
  const slopes = new Float64Array(nodes - 1 + 2 * ghosts)
  const speed = new Float64Array(nodes)
  const derivative = new Float64Array(nodes)

  function differences(f: Float64Array, start: number, stride: number, perUnit: number): void {
    for (let j = 0, k = start; j < nodes - 1; j++, k += stride)
      slopes[ghosts + j] = (f[k + stride] - f[k]) * perUnit
    slopes.fill(slopes[ghosts], 0, ghosts)
    slopes.fill(slopes[ghosts + nodes - 2], ghosts + nodes - 1)
  }

  return {
    load: (f) => at.state.set(f),
    store: (f) => f.set(at.state),
    velocity: (theta, slot) => velocity(theta, coordinates, velocities[slot]),
    velocityBehind(place, motion, theta, slot) {
      const y = at[place].slice()
      physicalNodes(y, coordinates, motion)
      velocity(theta, y, velocities[slot])
    },
    rate(place, slot, stage) {
      const f = at[place]
      const v = velocities[slot]
      const out = stages[stage].fill(0)
      for (let axis = 0; axis < d; axis++) {
        const stride = nodes ** (d - 1 - axis) * d
        for (let row = 0; row < grid.size / nodes; row++) {
          const start = lineStart(grid, axis, row, d)
          for (let j = 0; j < nodes; j++) speed[j] = v[start + axis + j * stride]
          for (let m = 0; m < d; m++) {
            differences(f, start + m, stride, 1 / grid.spacing[axis])
            line.derivative(slopes, speed, nodes, derivative)
            for (let j = 0; j < nodes; j++) out[start + m + j * stride] -= speed[j] * derivative[j]
          }
        }
      }
    },
    add: (place, h, weights) => combine(at[place], at.state, h, weights, stages),
  }
}

/** out = f + h Σ weights[k] stages[k]: a stage or the step of a Runge–Kutta method, with the operations of the kernel in their order. `out` may be f. */
function combine(
  out: Float64Array,
  f: Float64Array,
  h: number,
  weights: readonly number[],
  stages: readonly Float64Array[],
): void {
  if (out !== f) out.set(f)
  weights.forEach((weight, k) => {
    if (weight === 0) return
    const stage = stages[k]
    const factor = h * weight
    for (let i = 0; i < out.length; i++) out[i] += factor * stage[i]
  })
}
