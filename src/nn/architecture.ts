/** What a network is made of, as plain data: it goes into model files. */
export interface Architecture extends NetworkSize {
  readonly kind: ArchitectureKind
}

/** The sizes of a network. */
interface NetworkSize {
  /** d, of y and of the output. */
  readonly dimension: number
  /** Columns of the output of an mlp where these are not d. */
  readonly outputs?: number
  readonly width: number
  /** Hidden layers. */
  readonly layers: number
  /** Units a coordinate of the additive part, a multiple of 4; absent where there is none. */
  readonly units?: number
  /** Steps of the coarse solution of a mixture's flow that the network corrects; absent where there is none. */
  readonly coarseSteps?: number
  /** Components of that mixture. */
  readonly components?: number
  /** Number of time inputs: 2 for the network of a two-time map f(t → u, x); absent for the one time of f(t, x). */
  readonly times?: 2
}

/** One weight matrix or vector. */
export interface Parameter {
  readonly name: string
  readonly shape: readonly number[]
  /** Standard deviation of its first values; 0 for zeros. */
  readonly deviation: number
  /** The mean of the first value number `index`, 0 where absent. */
  centre?(index: number): number
  /** Puts values that training has taken too far back, in place; returns whether any were. Averages of such values need it no more. */
  constrain?(values: Float32Array): boolean
}

/** Number of features of one time. */
export const TIME_FEATURES = 7

/** Number of time features among the inputs of a network: those of one time or of two. */
export function timeFeatures({ times }: { readonly times?: 2 }): number {
  return (times ?? 1) * TIME_FEATURES
}

const FREQUENCIES = [1, 3, 9]

/**
 * The features sinθ, cosθ, sin 2θ, cos 2θ, atan2(a sinθ, cosθ), a = 1, 3, 9, of the angle θ = arctan(t/c)
 * (docs/mathematics.md §7), in float64 until they are stored.
 *
 * @param sine sinθ
 * @param cosine cosθ
 * @param out written from `offset` on, TIME_FEATURES values
 */
export function writeTimeFeatures(
  sine: number,
  cosine: number,
  out: Float32Array | Float64Array,
  offset: number,
): void {
  out[offset] = sine
  out[offset + 1] = cosine
  out[offset + 2] = 2 * sine * cosine
  out[offset + 3] = (cosine - sine) * (cosine + sine)
  for (let k = 0; k < FREQUENCIES.length; k++) out[offset + 4 + k] = Math.atan2(FREQUENCIES[k] * sine, cosine)
}

/** The derivatives of the features by θ; parameters as in `writeTimeFeatures`. */
export function writeTimeFeatureRates(sine: number, cosine: number, out: Float32Array, offset: number): void {
  out[offset] = cosine
  out[offset + 1] = -sine
  out[offset + 2] = 2 * (cosine - sine) * (cosine + sine)
  out[offset + 3] = -4 * sine * cosine
  for (let k = 0; k < FREQUENCIES.length; k++) {
    const a = FREQUENCIES[k]
    out[offset + 4 + k] = a / (cosine * cosine + a * a * sine * sine)
  }
}

/** The name of the matrix that y is multiplied by, its coordinates the first rows. */
export const FIRST_WEIGHT = 'layer0.weight'

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

/** Numbers that the network sees of K components after `steps` steps. */
export function coarseFeatures(components: number, steps: number): number {
  return 2 * components * (2 * steps + 1)
}

/** The parameters of the network that corrects a coarse solution: an mlp of what that solution met, one logit a component. */
export function gateParameters({ width, layers, components = 0, coarseSteps = 0 }: NetworkSize): Parameter[] {
  const dimension = coarseFeatures(components, coarseSteps)
  return mlpParameters({ dimension, width, layers, outputs: components }).map((parameter) => ({
    ...parameter,
    name: `gate.${parameter.name}`,
  }))
}

/** Units of the two layers that turn time features into τ. */
export const TIME_WIDTH = 64

/** The parameters of a `film`: the two layers of τ, the gated layers with shift and scale, and the last layer. */
export function filmParameters(architecture: NetworkSize): Parameter[] {
  const { dimension, width, layers } = architecture
  const parameters: Parameter[] = [
    matrix('time0.weight', timeFeatures(architecture), TIME_WIDTH),
    vector('time0.bias', TIME_WIDTH),
    matrix('time1.weight', TIME_WIDTH, TIME_WIDTH),
    vector('time1.bias', TIME_WIDTH),
  ]
  for (let k = 0; k < layers; k++)
    parameters.push(
      matrix(`layer${k}.weight`, k === 0 ? dimension : width, width),
      matrix(`layer${k}.shift`, TIME_WIDTH, width, 0.3),
      matrix(`layer${k}.scale`, TIME_WIDTH, width, 0.3),
      vector(`layer${k}.bias`, width),
    )
  parameters.push(matrix('output.weight', width, dimension, 0.01), vector('output.bias', dimension))
  return parameters
}

function matrix(name: string, rows: number, columns: number, gain = 1): Parameter {
  return { name, shape: [rows, columns], deviation: Math.sqrt(gain / rows) }
}

function vector(name: string, size: number): Parameter {
  return { name, shape: [size], deviation: 0 }
}

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

const kinds = { mlp: mlpParameters, film: filmParameters }

export type ArchitectureKind = keyof typeof kinds

/** The names of the architectures. */
export const architectureKinds = Object.keys(kinds) as ArchitectureKind[]

/** The parameters of the network of an architecture, in its order; no tensors are needed for it. */
export function parametersOf(architecture: NetworkSize & { readonly kind: ArchitectureKind }): Parameter[] {
  if (architecture.components) return gateParameters(architecture)
  const own = kinds[architecture.kind](architecture)
  return architecture.units ? [...own, ...additiveParameters(architecture)] : own
}
