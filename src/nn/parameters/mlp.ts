import { timeFeatures } from '../time-features.ts'
import type { NetworkSize, Parameter } from './parameter.ts'

// up to this dimension layers between the modes are what is hard to learn: steeper first units find them sooner
const STEEP_DIMENSION = 3
const STEEPNESS = 2

/**
 * The parameters of an `mlp`: weight and bias of every layer. The last starts small; up to 3 dimensions the first starts twice
 * as steep (docs/losses.md, Measured).
 */
export function mlpParameters(architecture: NetworkSize): Parameter[] {
  const { dimension, width, layers, outputs = dimension } = architecture
  const features = timeFeatures(architecture)
  const parameters: Parameter[] = []
  for (let k = 0; k <= layers; k++) {
    const inputs = k === 0 ? dimension + features : width
    const last = k === layers
    const steepness = k === 0 && dimension <= STEEP_DIMENSION ? STEEPNESS : 1
    parameters.push(
      {
        name: `layer${k}.weight`,
        shape: [inputs, last ? outputs : width],
        deviation: (last ? 0.1 : steepness) / Math.sqrt(inputs),
      },
      { name: `layer${k}.bias`, shape: [last ? outputs : width], deviation: 0 },
    )
  }
  return parameters
}
