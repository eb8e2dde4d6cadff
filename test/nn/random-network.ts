import type { Architecture } from '../../src/nn/architecture.ts'
import { createNetwork, initialWeights, weightVariable } from '../../src/nn/networks.ts'
import { Random } from '../../src/random/random.ts'

/** A network with large random weights, tensors and values of them. */
export function randomNetwork(architecture: Architecture, seed: number) {
  const network = createNetwork(architecture)
  const random = new Random(seed)
  const values = initialWeights(network, random).map((variable, i) => {
    const start = Float32Array.from(variable.dataSync())
    variable.dispose()
    // biases are not left at zero, and the last layer is as large as the others
    const last = i >= network.parameters.length - 2
    return start.map((value) =>
      network.parameters[i].deviation === 0 ? 0.3 * random.normal() : (last ? 5 : 1) * value,
    )
  })
  const tensors = network.parameters.map(({ shape }, i) => weightVariable(values[i], shape))
  return { network, values, tensors }
}

export function randomRows(count: number, spread: number, seed: number): Float64Array {
  const random = new Random(seed)
  return Float64Array.from({ length: count }, () => spread * random.normal())
}
