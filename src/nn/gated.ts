import {
  concat,
  customGrad,
  slice2d,
  type Tensor,
  type Tensor2D,
  tensor2d,
  tidy,
} from '@tensorflow/tfjs-core'
import { type Architecture, gateParameters } from './architecture.ts'
import type { CoarseFlow, CoarsePoints } from './coarse-flow.ts'
import { tanhStack } from './fused.ts'
import type { GaussianCoordinates } from './gaussian-coordinates.ts'

// how far an output of 1 moves a logit at sinθ = 1
const GAIN = 4
// sinθ below which the coarse map is that of t = 0 to single precision
const EARLY = 1e-6

/** The inputs of a network as rows of numbers, and what the coarse flow makes of them. */
interface GateInputs {
  readonly rows: Float32Array
  readonly columns: number
  /** Points; where dual, as many rows of tangents follow. */
  readonly n: number
  readonly dual: boolean
  readonly points: CoarsePoints
}

/**
 * A coarse solution of the flow of a mixture with its last choice of a component corrected: u = B + Σ_k (q_k − r_k) A_k with the
 * coarse map B, the exact map A_k of component k alone, and q = softmax(log r + 4 sinθ δ), where δ is a tanh network of the
 * responsibilities that the coarse solution met (docs/mathematics.md §7.5). F = (u − y)/sin²θ, so that it stands where any network
 * stands: a `Network` of networks.ts. δ = 0 is the coarse map.
 */
export function gatedNetwork(
  architecture: Architecture,
  flow: CoarseFlow,
  { dimension: d, deviations, moments }: GaussianCoordinates,
) {
  const K = architecture.components ?? 0
  // what a displacement in units of c is in those of u
  const units = deviations.map((deviation) => (deviation > 0 ? moments.scale / deviation : 0))

  const run = (dual: boolean) => (weights: readonly Tensor[], inputs: Tensor2D) =>
    tidy(() => {
      const [total, columns] = inputs.shape
      const rows = inputs.dataSync() as Float32Array
      const points = flow.solve(rows, columns, dual)
      const features = tensor2d(points.features, [total, points.features.length / total])
      const times = slice2d(inputs, [0, d], [total, columns - d])
      const delta = tanhStack(concat([features, times], 1), weights, dual)
      return gated(delta, { rows, columns, n: dual ? total / 2 : total, dual, points })
    })

  /** F with the choice shifted by δ, differentiable in δ: [n, K], with tangents below where dual. */
  function gated(delta: Tensor2D, inputs: GateInputs): Tensor2D {
    const op = customGrad((x) => {
      const choice = chosen((x as Tensor).dataSync() as Float32Array, inputs, K)
      return {
        value: output(choice, inputs),
        gradFunc: (g: Tensor) => pulledBack(g.dataSync() as Float32Array, choice, inputs),
      }
    })
    return op(delta) as Tensor2D
  }

  function output({ shifts }: Choice, { rows, columns, n, dual, points }: GateInputs): Tensor2D {
    const { map, experts } = points
    const total = dual ? 2 * n : n
    const mixed = new Float32Array(total * K * d)
    for (let i = 0; i < n * K; i++) {
      const [q, rate] = [shifts[i], dual ? shifts[n * K + i] : 0]
      for (let at = i * d, end = at + d, below = at + n * K * d; at < end; at++, below++) {
        mixed[at] = q * experts[at]
        if (dual) mixed[below] = rate * experts[at] + q * experts[below]
      }
    }
    const turned = flow.combine(mixed)
    const out = new Float32Array(total * d)
    for (let i = 0; i < n; i++) {
      const [inverse, change] = inverseSquare(i, { rows, columns, n, dual })
      for (let j = 0; j < d; j++) {
        const at = i * d + j
        if (units[j] === 0) continue
        const value = map[at] - rows[i * columns + j] + units[j] * turned[at]
        out[at] = inverse * value
        if (!dual) continue
        const below = at + n * d
        const slope = map[below] - rows[(n + i) * columns + j] + units[j] * turned[below]
        out[below] = inverse * slope + change * value
      }
    }
    return tensor2d(out, [total, d])
  }

  /** The gradient by δ of that by F. */
  function pulledBack(g: Float32Array, choice: Choice, inputs: GateInputs): Tensor2D {
    const { n, dual, points } = inputs
    const { experts } = points
    const total = dual ? 2 * n : n
    const pulled = new Float32Array(total * d)
    for (let i = 0; i < n; i++) {
      const [inverse, change] = inverseSquare(i, inputs)
      for (let j = 0; j < d; j++) {
        const at = i * d + j
        const below = at + n * d
        pulled[at] = units[j] * (inverse * g[at] + (dual ? change * g[below] : 0))
        if (dual) pulled[below] = units[j] * inverse * g[below]
      }
    }
    const turned = flow.project(pulled)
    const byShift = new Float64Array(total * K)
    for (let i = 0; i < n * K; i++)
      for (let at = i * d, end = at + d, below = at + n * K * d; at < end; at++, below++) {
        byShift[i] += turned[at] * experts[at]
        if (!dual) continue
        byShift[i] += turned[below] * experts[below]
        byShift[n * K + i] += turned[below] * experts[at]
      }
    return tensor2d(throughChoice(byShift, choice, inputs, K), [total, K])
  }

  /** 1/sin²θ of a point and its derivative; 0 at t = 0. */
  function inverseSquare(
    i: number,
    { rows, columns, n, dual }: Omit<GateInputs, 'points'>,
  ): [number, number] {
    const sine = rows[i * columns + d]
    if (sine < EARLY) return [0, 0]
    return [1 / sine ** 2, dual ? (-2 * rows[(n + i) * columns + d]) / sine ** 3 : 0]
  }

  return {
    architecture,
    parameters: gateParameters(architecture),
    forward: run(false),
    dualForward: run(true),
  }
}

/** q = softmax(log r + 4 sinθ δ) of n points. */
interface Choice {
  /** [n, K] */
  readonly q: Float64Array
  /** The derivatives of the logits, [n, K]; absent where not dual. */
  readonly rates: Float64Array
  /** q − r with its tangents below, [n, K] or [2n, K]. */
  readonly shifts: Float64Array
}

/** What δ of a point is multiplied by in a logit, and its derivative. */
function gains(i: number, { rows, columns, n, dual, points }: GateInputs): [number, number] {
  const at = points.map.length / (dual ? 2 * n : n)
  return [GAIN * rows[i * columns + at], dual ? GAIN * rows[(n + i) * columns + at] : 0]
}

function chosen(delta: Float32Array, inputs: GateInputs, K: number): Choice {
  const { n, dual, points } = inputs
  const { logits, responsibilities } = points
  const q = new Float64Array(n * K)
  const rates = new Float64Array(dual ? n * K : 0)
  const shifts = new Float64Array(delta.length)
  for (let i = 0; i < n; i++) {
    const [gain, change] = gains(i, inputs)
    const [first, end] = [i * K, (i + 1) * K]
    let largest = -Infinity
    for (let at = first; at < end; at++) {
      q[at] = logits[at] + gain * delta[at]
      largest = Math.max(largest, q[at])
    }
    let sum = 0
    for (let at = first; at < end; at++) sum += q[at] = Math.exp(q[at] - largest)
    let mean = 0
    for (let at = first; at < end; at++) {
      q[at] /= sum
      shifts[at] = q[at] - responsibilities[at]
      if (!dual) continue
      const below = at + n * K
      rates[at] = logits[below] + change * delta[at] + gain * delta[below]
      mean += q[at] * rates[at]
    }
    if (!dual) continue
    for (let at = first; at < end; at++) {
      rates[at] -= mean
      shifts[at + n * K] = q[at] * rates[at] - responsibilities[at + n * K]
    }
  }
  return { q, rates, shifts }
}

/** The gradient by δ of a gradient by q − r: with q̇ = q (L̇ − Σ q L̇) where dual. */
function throughChoice(
  byShift: Float64Array,
  { q, rates }: Choice,
  inputs: GateInputs,
  K: number,
): Float32Array {
  const { n, dual } = inputs
  const out = new Float32Array(byShift.length)
  for (let i = 0; i < n; i++) {
    const [gain, change] = gains(i, inputs)
    const [first, end] = [i * K, (i + 1) * K]
    let along = 0
    if (dual) for (let at = first; at < end; at++) along += q[at] * byShift[at + n * K]
    // by q itself: L̇ less its mean, of which the mean falls out in the next sum
    const total = (at: number) => byShift[at] + (dual ? (byShift[at + n * K] - along) * rates[at] : 0)
    let mean = 0
    for (let at = first; at < end; at++) mean += q[at] * total(at)
    for (let at = first; at < end; at++) {
      out[at] = gain * q[at] * (total(at) - mean)
      if (!dual) continue
      const byRate = q[at] * (byShift[at + n * K] - along)
      out[at] += change * byRate
      out[at + n * K] = gain * byRate
    }
  }
  return out
}
