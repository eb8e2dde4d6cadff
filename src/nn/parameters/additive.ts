import { timeFeatures } from '../time-features.ts'
import type { NetworkSize, Parameter } from './parameter.ts'

/** What a unit has: the logarithm a of its slope, its position b, its amplitude c. */
export const ROLES = 3

/** Units of the layer that turns time features into the τ of the additive part. */
export const ADDITIVE_TIME_WIDTH = 8

/**
 * What the stored coefficients are multiplied by: an optimiser whose steps have the size of the rate moves the additive part this much
 * faster than the rest, for its few numbers a coordinate are of order 1 and each is seen by every point of a batch.
 */
export const ADDITIVE_GAIN = 20

// first values, not stored ones: log slopes, how far positions spread, and a deviation
const LOG_SLOPE = Math.log(2)
const REACH = 2.2
const NOISE = 0.02

/**
 * The parameters of the additive part: its time layer and, for every coordinate, one row with the matrix [m + 1, 3, units] that makes
 * log slopes, positions and amplitudes from (τ, 1). All coordinates start alike, with units at points spread over [−2.2, 2.2] standard
 * deviations, and nearly at 0.
 */
export function additiveParameters(architecture: NetworkSize): Parameter[] {
  const { dimension, units = 0 } = architecture
  const features = timeFeatures(architecture)
  const size = (ADDITIVE_TIME_WIDTH + 1) * ROLES * units
  return [
    {
      name: 'additive.time.weight',
      shape: [features, ADDITIVE_TIME_WIDTH],
      deviation: Math.sqrt(1 / features),
    },
    { name: 'additive.time.bias', shape: [ADDITIVE_TIME_WIDTH], deviation: 0 },
    {
      name: 'additive.units',
      // one vector a coordinate: an optimiser may treat them alike
      shape: [dimension, 1, size],
      deviation: NOISE / ADDITIVE_GAIN,
      centre: (index) => firstCoefficient(index % size, units) / ADDITIVE_GAIN,
    },
  ]
}

function firstCoefficient(index: number, units: number): number {
  const at = index - ADDITIVE_TIME_WIDTH * ROLES * units
  if (at < 0 || at >= 2 * units) return 0
  return at < units ? LOG_SLOPE : REACH * ((2 * (at - units)) / (units - 1) - 1)
}
