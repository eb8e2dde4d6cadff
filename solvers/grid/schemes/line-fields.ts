import type { Velocity } from '../../../src/characteristics/engine.ts'
import { MixtureFlow } from '../../../src/kernels/mixture-flow.ts'
import { TransportKernel } from '../../../src/kernels/transport.ts'
import { euler } from '../../../src/numeric/tableaux/low-order.ts'
import { lineStart, nodeCoordinates, type UniformGrid } from '../../../src/numeric/uniform-grid.ts'
import type { GridVelocity } from '../counted.ts'
import type { LineDerivative, LineKernel, Motion } from './scheme.ts'

/** The state f, and the point of a stage. */
export type Place = 'state' | 'point'

/** The fields that a Runge–Kutta step of f_θ = −v·∇f works on, and what it does with them. */
export interface LineFields {
  /** Takes the state, and puts it back: [nodes^d, d] row-major. */
  load(f: Float64Array): void
  store(f: Float64Array): void
  /** Computes the velocity at θ at all nodes and keeps it in a slot. */
  velocity(theta: number, slot: number): void
  /** The same at the places y = ξ − β f of nodes that move, for f at a place. */
  velocityBehind(place: Place, motion: Motion, theta: number, slot: number): void
  /** Stage `stage` = −v·∇f for f at a place and the velocity of a slot. */
  rate(place: Place, slot: number, stage: number): void
  /** place = state + h Σ weights[k] stage k. */
  add(place: Place, h: number, weights: readonly number[]): void
}

/** Which slot holds the velocity at θ: computed only where none of the last `slots` angles asked for is θ. */
export function velocitySlots(
  slots: number,
  compute: (theta: number, slot: number) => void,
): (theta: number) => number {
  // the one asked for last comes last
  const known = Array.from({ length: slots }, (_, slot) => ({ slot, theta: Number.NaN }))
  return (theta) => {
    const index = Math.max(
      0,
      known.findIndex((entry) => entry.theta === theta),
    )
    const [entry] = known.splice(index, 1)
    known.push(entry)
    if (entry.theta !== theta) compute(theta, entry.slot)
    entry.theta = theta
    return entry.slot
  }
}

/** Replaces the rows of f, values at the nodes ξ, by y = ξ − β f, moved to the nearest point within |y_i| ≤ Y. */
export function physicalNodes(f: Float64Array, nodes: Float64Array, { beta, extent }: Motion): void {
  for (let i = 0; i < f.length; i++) f[i] = Math.min(Math.max(nodes[i] - beta * f[i], -extent), extent)
}

/** The nodes of a grid, or of its rows along the first axis from one on. */
interface Block {
  readonly grid: UniformGrid
  readonly first: number
  readonly rows: number
}

/** Fields with their kernel. */
interface KernelLines extends LineFields {
  readonly kernel: TransportKernel
}

/** The fields in the memory of a kernel. The velocity of a mixture is computed by the kernels of characteristics. */
export function kernelLines(
  { integrator }: LineDerivative,
  { stencils, tables }: LineKernel,
  { grid, first, rows }: Block,
  velocity: GridVelocity,
  slots: number,
): KernelLines {
  const { dimension, nodes, spacing } = grid
  const stages = integrator.b.length
  const kernel = new TransportKernel({
    ...{ dimension, nodes, rows, spacing, stencils, tables: tables(), stages, velocities: slots },
  })
  const width = nodes ** (dimension - 1) * dimension
  const coordinates = nodeCoordinates(grid).slice(first * width, (first + rows) * width)
  const velocityAt = velocityInto(kernel, dimension, coordinates, velocity)
  const y = new Float64Array(coordinates.length)
  return {
    kernel,
    load: (f) => kernel.load(f, 'state'),
    store: (f) => kernel.store(f, 'state'),
    rate: (place, slot, stage) => kernel.rate(place, slot, stage),
    add: (place, h, weights) => kernel.add(place, h, weights),
    velocity: (theta, slot) => velocityAt(coordinates, theta, slot),
    velocityBehind(place, motion, theta, slot) {
      kernel.store(y, place)
      physicalNodes(y, coordinates, motion)
      velocityAt(y, theta, slot)
    },
  }
}

function velocityInto(
  kernel: TransportKernel,
  dimension: number,
  coordinates: Float64Array,
  velocity: GridVelocity,
): (y: Float64Array, theta: number, slot: number) => void {
  const { mixture, count } = velocity
  const size = coordinates.length / dimension
  if (!mixture) {
    const v = new Float64Array(coordinates.length)
    return (y, theta, slot) => {
      velocity(theta, y, v)
      kernel.takeVelocity(slot, v)
    }
  }
  // no steps are taken: a method of one stage, which is the slope at the nodes
  const flow = new MixtureFlow(dimension, mixture.weights.length, size, euler)
  flow.set(mixture)
  let loaded = false
  return (y, theta, slot) => {
    // nodes that do not move stay where they are in the kernel
    if (y !== coordinates || !loaded) flow.load(y)
    loaded = y === coordinates
    count?.(size)
    const { lines, stride } = flow.slopes(theta)
    kernel.takeVelocityLines(slot, lines, stride)
  }
}

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
