import { MixtureFlow } from '../../../src/kernels/mixture-flow.ts'
import { TransportKernel } from '../../../src/kernels/transport.ts'
import { euler } from '../../../src/numeric/tableaux/low-order.ts'
import { nodeCoordinates, type UniformGrid } from '../../../src/numeric/uniform-grid.ts'
import type { GridVelocity } from '../counted.ts'
import { type LineFields, physicalNodes } from './line-fields.ts'
import type { LineDerivative, LineKernel } from './scheme.ts'

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
