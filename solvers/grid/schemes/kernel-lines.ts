import { MixtureFlow } from '../../../src/kernels/mixture-flow.ts'
import { TransportKernel } from '../../../src/kernels/transport.ts'
import type { GridVelocity } from '../counted.ts'
import { nodeCoordinates, type UniformGrid } from '../uniform-grid.ts'
import type { LineDerivative, LineKernel } from './line-derivative.ts'
import type { LineFields } from './line-fields.ts'

/** The fields in the memory of a kernel. The velocity of a mixture is computed by the kernels of characteristics. */
export function kernelLines(
  { integrator }: LineDerivative,
  { stencils, tables }: LineKernel,
  grid: UniformGrid,
  velocity: GridVelocity,
  slots: number,
): LineFields {
  const { dimension, nodes, spacing } = grid
  const stages = integrator.b.length
  const kernel = new TransportKernel({
    ...{ dimension, nodes, spacing, stencils, tables, stages, velocities: slots },
  })
  return {
    load: (f) => kernel.load(f),
    store: (f) => kernel.store(f),
    rate: (place, slot, stage) => kernel.rate(place, slot, stage),
    add: (place, h, weights) => kernel.add(place, h, weights),
    velocity: velocityInto(kernel, grid, velocity),
  }
}

function velocityInto(
  kernel: TransportKernel,
  grid: UniformGrid,
  velocity: GridVelocity,
): LineFields['velocity'] {
  const { dimension, size } = grid
  const coordinates = nodeCoordinates(grid)
  const { mixture, count } = velocity
  if (!mixture) {
    const v = new Float64Array(coordinates.length)
    return (theta, slot) => {
      velocity(theta, coordinates, v)
      kernel.takeVelocity(slot, v)
    }
  }
  // no steps are taken: a method of one stage, which is the slope at the nodes
  const method = { nodes: [0], rows: [[], [1], [1]], fsal: false }
  const flow = new MixtureFlow(dimension, mixture.weights.length, size, method)
  flow.set(mixture)
  flow.load(coordinates)
  return (theta, slot) => {
    count?.(size)
    const { lines, stride } = flow.slopes(theta)
    kernel.takeVelocityLines(slot, lines, stride)
  }
}
