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

/**
 * The largest |a|. Steeper than e⁸ ≈ 3000 a standard deviation is a layer that no batch has a point in: nothing holds a slope there, and
 * Adam's steps, of one size however small a gradient is, run away with it until a point falls into a layer of e²⁰.
 */
export const LARGEST_LOG_SLOPE = 8

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
      constrain: (values) => constrainSlopes(values, units),
    },
  ]
}

function firstCoefficient(index: number, units: number): number {
  const at = index - ADDITIVE_TIME_WIDTH * ROLES * units
  if (at < 0 || at >= 2 * units) return 0
  return at < units ? LOG_SLOPE : REACH * ((2 * (at - units)) / (units - 1) - 1)
}

/** Scales the rows of a, by (τ, 1), of which the absolute values add up to more than its largest: |τ| ≤ 1. */
function constrainSlopes(values: Float32Array, units: number): boolean {
  const stride = ROLES * units
  const size = (ADDITIVE_TIME_WIDTH + 1) * stride
  let changed = false
  for (let start = 0; start < values.length; start += size)
    for (let unit = start; unit < start + units; unit++) {
      let sum = 0
      for (let at = unit; at < start + size; at += stride) sum += Math.abs(values[at])
      const share = LARGEST_LOG_SLOPE / (ADDITIVE_GAIN * sum)
      // single precision of the values themselves
      if (!(share < 1 - 1e-6)) continue
      for (let at = unit; at < start + size; at += stride) values[at] *= share
      changed = true
    }
  return changed
}
