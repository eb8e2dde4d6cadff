import {
  add,
  mul,
  reshape,
  slice2d,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  tensor,
  tensor2d,
  transpose,
  type Variable,
  variable,
} from '@tensorflow/tfjs-core'
import type { Random } from '../random/random.ts'
import { additive } from './additive.ts'
import {
  ADDITIVE_GAIN,
  ADDITIVE_TIME_WIDTH,
  type Architecture,
  type ArchitectureKind,
  additiveParameters,
  FIRST_WEIGHT,
  filmParameters,
  mlpParameters,
  type Parameter,
  ROLES,
  TIME_FEATURES,
  timeFeatures,
  writeTimeFeatureRates,
  writeTimeFeatures,
} from './architecture.ts'
import { coarseFlow, type MixtureComponents } from './coarse-flow.ts'
import { dense, dualDense, dualFilm, film as filmLayer } from './dense.ts'
import { tanhStack } from './fused.ts'
import { gatedNetwork } from './gated.ts'
import type { GaussianCoordinates } from './gaussian-coordinates.ts'

/**
 * F(θ, y) of docs/mathematics.md §7 as a function of its parameters, so that one network serves for the weights in
 * training, their average and a frozen teacher. Inputs are rows of d coordinates y and then the time features, as
 * `networkInputs` makes them.
 */
export interface Network {
  readonly architecture: Architecture
  readonly parameters: readonly Parameter[]
  /** F: [n, d + features] → [n, d]. */
  forward(weights: readonly Tensor[], inputs: Tensor2D): Tensor2D
  /** F and its derivative along a tangent: [2n, d + features] → [2n, d], values on top, tangents below. */
  dualForward(weights: readonly Tensor[], inputs: Tensor2D): Tensor2D
}

/** How many numbers the parameters of a network are. */
export function weightCount({ parameters }: Network): number {
  return parameters.reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0)
}

/**
 * First weights: normal, with the deviations of the network's parameters.
 *
 * @param shares d numbers, by which the first weights of each coordinate of y are multiplied; 1 where absent
 */
export function initialWeights(network: Network, random: Random, shares?: Float64Array): Variable[] {
  return network.parameters.map(({ name, shape, deviation, centre }) => {
    const values = new Float32Array(shape.reduce((product, size) => product * size, 1))
    if (deviation > 0) for (let i = 0; i < values.length; i++) values[i] = deviation * random.normal()
    if (centre) for (let i = 0; i < values.length; i++) values[i] += centre(i)
    if (shares && name === FIRST_WEIGHT) scaleRows(values, shape[1], shares)
    return weightVariable(values, shape)
  })
}

/** Multiplies the first rows of a matrix, as many as there are factors. */
function scaleRows(values: Float32Array, columns: number, factors: Float64Array): void {
  for (const [row, factor] of factors.entries())
    for (let j = row * columns; j < (row + 1) * columns; j++) values[j] *= factor
}

/** A trainable variable with these values. */
export function weightVariable(values: Float32Array, shape: readonly number[]): Variable {
  const start = tensor(values, [...shape], 'float32')
  const made = variable(start)
  start.dispose()
  return made
}

/**
 * A tanh network of `layers` hidden layers of `width` units on (y, time features), with a linear last layer that
 * starts small, so that training starts near the map of the Gaussian (docs/mathematics.md §7).
 */
function mlp(architecture: Architecture): Network {
  const parameters = mlpParameters(architecture)
  return {
    architecture,
    parameters,
    forward: (weights, inputs) => tanhStack(inputs, weights, false),
    dualForward: (weights, inputs) => tanhStack(inputs, weights, true),
  }
}

/**
 * Layers gated by the time, h ← tanh(hW + τS + b) ⊙ (1 + τC), where τ is two tanh layers of the time features
 * (docs/mathematics.md §7): the better network from about 64 dimensions on.
 */
function film(architecture: Architecture): Network {
  const { dimension, layers } = architecture
  const features = timeFeatures(architecture)
  const parameters = filmParameters(architecture)
  const run =
    (layer: typeof dense, gated: typeof filmLayer) => (weights: readonly Tensor[], inputs: Tensor2D) => {
      const rows = inputs.shape[0]
      const matrices = weights as readonly Tensor2D[]
      const vectors = weights as readonly Tensor1D[]
      let tau = slice2d(inputs, [0, dimension], [rows, features])
      tau = layer(tau, matrices[0], vectors[1], 'tanh')
      tau = layer(tau, matrices[2], vectors[3], 'tanh')
      let h = slice2d(inputs, [0, 0], [rows, dimension])
      let at = 4
      for (let k = 0; k < layers; k++, at += 4)
        h = gated(h, tau, matrices[at], matrices[at + 1], matrices[at + 2], vectors[at + 3], 'tanh')
      return layer(h, matrices[at], vectors[at + 1], 'linear')
    }
  return { architecture, parameters, forward: run(dense, filmLayer), dualForward: run(dualDense, dualFilm) }
}

/**
 * F(θ, y) + A(θ, y) for a network F: the additive part A_j = Σ_k c_jk tanh(e^{a_jk} (y_j − b_jk)) of every coordinate alone, with
 * (a, b, c) affine in one tanh layer of the time features. y is in the eigenbasis of the covariance, so A is a map of every principal
 * coordinate by itself; F learns what couples them.
 */
function withAdditivePart(network: Network): Network {
  const { architecture } = network
  const { dimension, units = 0 } = architecture
  const features = timeFeatures(architecture)
  const count = network.parameters.length
  const width = dimension * ROLES * units

  const run = (dual: boolean) => (weights: readonly Tensor[], inputs: Tensor2D) => {
    const F = (dual ? network.dualForward : network.forward)(weights.slice(0, count), inputs)
    const [timeWeight, timeBias, stored] = weights.slice(count)
    const times = slice2d(inputs, [0, dimension], [inputs.shape[0], features])
    const layer = dual ? dualDense : dense
    const tau = layer(times, timeWeight as Tensor2D, timeBias as Tensor1D, 'tanh')
    const rows = reshape(stored, [dimension, ADDITIVE_TIME_WIDTH + 1, ROLES * units])
    const table = mul(reshape(transpose(rows, [1, 0, 2]), [ADDITIVE_TIME_WIDTH + 1, width]), ADDITIVE_GAIN)
    const W = slice2d(table as Tensor2D, [0, 0], [ADDITIVE_TIME_WIDTH, width])
    const w = reshape(slice2d(table as Tensor2D, [ADDITIVE_TIME_WIDTH, 0], [1, width]), [width]) as Tensor1D
    return add(F, additive(inputs, tau, W, w, { dimension, units, dual })) as Tensor2D
  }
  return {
    architecture,
    parameters: [...network.parameters, ...additiveParameters(architecture)],
    forward: run(false),
    dualForward: run(true),
  }
}

export { type ArchitectureKind, architectureKinds } from './architecture.ts'

const kinds = { mlp, film } satisfies Record<ArchitectureKind, (architecture: Architecture) => Network>

/** The mixture whose coarse solution a network corrects, and the coordinates of the network. */
interface NetworkBase {
  readonly components: MixtureComponents
  readonly coordinates: GaussianCoordinates
}

/**
 * The network of an architecture.
 *
 * @param base of the mixture, where the architecture has coarse steps
 */
export function createNetwork(architecture: Architecture, base?: NetworkBase): Network {
  const { coarseSteps, units } = architecture
  if (base && coarseSteps) {
    const { components, coordinates } = base
    return gatedNetwork(architecture, coarseFlow(components, coordinates, coarseSteps), coordinates)
  }
  const network = kinds[architecture.kind](architecture)
  return units ? withAdditivePart(network) : network
}

/** The direction of a derivative: dθ, dφ, and n·d values dy, null for 0. */
interface Direction {
  readonly theta: number
  readonly phi: number
  readonly y: Float64Array | null
}

/** φ = 0 in as many rows as θ has for a two-time network, null for the network of a consistency function. */
export function arrivalAtStart({ architecture }: Network, theta: Float64Array): Float64Array | null {
  return architecture.times ? new Float64Array(theta.length) : null
}

/**
 * Rows of a network's input: y, the time features of θ and, for a two-time network, those of φ.
 *
 * @param theta n angles
 * @param y n·d coordinates
 * @param phi n angles to go to, or null
 * @returns [n, d + features]
 */
export function networkInputs(
  theta: Float64Array,
  y: Float64Array,
  phi: Float64Array | null = null,
): Tensor2D {
  const n = theta.length
  const d = y.length / n
  const columns = d + (phi ? 2 : 1) * TIME_FEATURES
  const rows = new Float32Array(n * columns)
  for (let i = 0; i < n; i++) {
    const at = i * columns
    for (let j = 0; j < d; j++) rows[at + j] = y[i * d + j]
    writeTimeFeatures(Math.sin(theta[i]), Math.cos(theta[i]), rows, at + d)
    if (phi) writeTimeFeatures(Math.sin(phi[i]), Math.cos(phi[i]), rows, at + d + TIME_FEATURES)
  }
  return tensor2d(rows, [n, columns])
}

/**
 * The same with a tangent below each value: the derivatives of the inputs along (dθ, dy) = (1, rate), φ fixed.
 *
 * @param theta n angles
 * @param y n·d coordinates
 * @param rate n·d values, dy/dθ
 * @param phi n angles to go to, or null
 * @returns [2n, d + features], values on top, tangents below
 */
export function dualNetworkInputs(
  theta: Float64Array,
  y: Float64Array,
  rate: Float64Array,
  phi: Float64Array | null = null,
): Tensor2D {
  return directedInputs(theta, y, phi, { theta: 1, phi: 0, y: rate })
}

/** As `dualNetworkInputs`, along any direction. */
export function directedInputs(
  theta: Float64Array,
  y: Float64Array,
  phi: Float64Array | null,
  direction: Direction,
): Tensor2D {
  const n = theta.length
  const d = y.length / n
  const columns = d + (phi ? 2 : 1) * TIME_FEATURES
  const rows = new Float32Array(2 * n * columns)
  for (let i = 0; i < n; i++) {
    const value = i * columns
    const tangent = (n + i) * columns
    for (let j = 0; j < d; j++) rows[value + j] = y[i * d + j]
    if (direction.y) for (let j = 0; j < d; j++) rows[tangent + j] = direction.y[i * d + j]
    writeDualFeatures(theta[i], direction.theta, rows, value + d, tangent + d)
    if (phi)
      writeDualFeatures(phi[i], direction.phi, rows, value + d + TIME_FEATURES, tangent + d + TIME_FEATURES)
  }
  return tensor2d(rows, [2 * n, columns])
}

/** Features of an angle at `value` and `speed` times their derivatives at `tangent`. */
function writeDualFeatures(
  angle: number,
  speed: number,
  rows: Float32Array,
  value: number,
  tangent: number,
): void {
  const sine = Math.sin(angle)
  const cosine = Math.cos(angle)
  writeTimeFeatures(sine, cosine, rows, value)
  writeTimeFeatureRates(sine, cosine, rows, tangent)
  if (speed !== 1) for (let k = 0; k < TIME_FEATURES; k++) rows[tangent + k] *= speed
}
