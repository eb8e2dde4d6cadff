import { matMul, tensor2d, tidy } from '@tensorflow/tfjs-core'
import { InputError } from '../errors.ts'
import { coarseFeatures } from './architecture.ts'
import type { GaussianCoordinates } from './gaussian-coordinates.ts'

/** The components of a Gaussian mixture, row-major. */
export interface MixtureComponents {
  /** [K], positive, of sum 1 */
  readonly weights: Float64Array
  /** [K, d] */
  readonly means: Float64Array
  /** [K, d], positive */
  readonly eigenvalues: Float64Array
  /** [K, d, d], column j the eigenvector j */
  readonly eigenvectors: Float64Array
}

/** What a coarse solution of the flow gives at n points; [2n, …] with tangents below where it is dual. */
export interface CoarsePoints {
  /** The coarse map in the coordinates u of the Gaussian skip, [n, d]. */
  readonly map: Float64Array
  /** log r_k, bounded, and r_k at every time that was visited, [n, features]. */
  readonly features: Float32Array
  /** The logarithms of the last responsibilities, of which the coarse map is made, [n, K]. */
  readonly logits: Float32Array
  /** [n, K] */
  readonly responsibilities: Float32Array
  /** The map of every component alone at the point itself, in its own eigenbasis and units of c, [n, K·d]. */
  readonly experts: Float32Array
}

/** The flow of a Gaussian mixture in a few large steps (docs/mathematics.md §7.5). */
export interface CoarseFlow {
  /** U_kᵀ x of every component, [n, d] → [n, K·d]. */
  project(x: Float32Array): Float32Array
  /** Σ_k U_k z_k, [n, K·d] → [n, d]. */
  combine(z: Float32Array): Float32Array
  /**
   * @param rows [n, d + …], y and then sinθ, cosθ; [2n, …] with tangents below where `dual`
   * @param columns numbers a row
   */
  solve(rows: Float32Array, columns: number, dual: boolean): CoarsePoints
}

// the last step, to t = 0, is this long beside the others, in log(1 + t/c); by experiment on mixtures in 16 and 64 dimensions
const EXTRA = 1.25
// in units of the largest deviation of the data, by experiment in 3, 16 and 64 dimensions: beyond, y hardly moves, and the first step may be as long as it likes
const FAR = 6
// log r = −SOFT counts half as much as it would
const SOFT = 12
const FEATURE_SCALE = 4
// share of the mean variance below which a component is flat for single precision
const FLAT = 1e-8
// factors of a determinant between two logarithms: 16 of 1e-8 and more stay in range
const CHUNK = 16

/**
 * The flow in `steps` steps of the midpoint rule in the responsibilities r_k: between two times every component moves by its own
 * exact affine flow A_k, and x goes to Σ r_k A_k x with r_k at half of the step. A last step, with r_k at its beginning, goes to t = 0. One
 * component alone is exact. All is in units in which the values are of order 1 at every time, x/√(c² + t²).
 *
 * @param steps at least 1
 * @throws InputError where a component has no weight or no extent in some direction
 */
export function coarseFlow(
  { weights, means, eigenvalues, eigenvectors }: MixtureComponents,
  { dimension: d, deviations, moments }: GaussianCoordinates,
  steps: number,
): CoarseFlow {
  const K = weights.length
  const { scale: c, mean, eigenvectors: V } = moments
  const width = K * d
  if (!isFull({ weights, eigenvalues }, c))
    throw new InputError(
      'coarseSteps',
      steps,
      '0: a component of the mixture has no weight or no extent in some direction',
    )
  const E = eigenvalues.map((value) => value / c ** 2)
  const lambda = deviations.map((deviation) => (deviation / c) ** 2)
  const far = FAR * Math.sqrt(lambda.reduce((a, b) => Math.max(a, b)))
  const { axes, shifts } = turned()
  const logWeights = weights.map(Math.log)

  /** Axes and means of the components in the eigenbasis V of the covariance: Vᵀ U_k, and U_kᵀ (m_k − μ)/c. */
  function turned(): { axes: Float32Array; shifts: Float64Array } {
    const axes = new Float64Array(d * width)
    const shifts = new Float64Array(width)
    for (let k = 0; k < K; k++)
      for (let j = 0; j < d; j++)
        for (let i = 0; i < d; i++) {
          const value = eigenvectors[(k * d + i) * d + j]
          if (value === 0) continue
          shifts[k * d + j] += (value * (means[k * d + i] - mean[i])) / c
          for (let a = 0; a < d; a++) axes[a * width + k * d + j] += V[i * d + a] * value
        }
    return { axes: Float32Array.from(axes), shifts }
  }

  const project: CoarseFlow['project'] = (x) => product(x, d, axes, false)
  const combine: CoarseFlow['combine'] = (z) => product(z, width, axes, true)

  return {
    project,
    combine,
    solve(rows, columns, dual) {
      const total = rows.length / columns
      const n = dual ? total / 2 : total
      const start = firstTimes(rows, columns, d, n, dual)
      const features = new Float32Array(total * coarseFeatures(K, steps))
      let x = scaledPoints()
      let z = project(x)
      const experts = moved(z, start, ORIGIN)
      let time = start
      let visit = 0
      let found = responsibilities(z, time)
      for (let j = 0; j < steps; j++) {
        const half = laterTimes(start, n, far, 1 - (j + 0.5) / (steps + EXTRA))
        const next = laterTimes(start, n, far, 1 - (j + 1) / (steps + EXTRA))
        const middle = combine(mixed(moved(z, time, half), found))
        found = responsibilities(project(middle), half)
        x = combine(mixed(moved(z, time, next), found))
        z = project(x)
        time = next
        found = responsibilities(z, time)
      }
      const last = combine(mixed(moved(z, time, ORIGIN), found))
      const map = new Float64Array(last.length)
      for (let i = 0; i < map.length; i++) {
        const variance = lambda[i % d]
        map[i] = variance > 0 ? last[i] / Math.sqrt(variance) : 0
      }
      return { map, features, logits: found.logs, responsibilities: found.shares, experts }

      /** x/√(c² + t²) of y, with its tangent. */
      function scaledPoints(): Float32Array {
        const out = new Float32Array(total * d)
        for (let i = 0; i < n; i++) {
          const [s, co, rate] = [start.sine[i], start.cosine[i], start.rate[i]]
          for (let j = 0; j < d; j++) {
            const g = Math.sqrt(lambda[j] * co * co + s * s)
            out[i * d + j] = g * rows[i * columns + j]
            if (dual && g > 0)
              out[(n + i) * d + j] =
                g * rows[(n + i) * columns + j] +
                ((rate * (1 - lambda[j]) * s * co) / g) * rows[i * columns + j]
          }
        }
        return out
      }

      /** log r_k and r_k of points whose projections are z, as features too. */
      function responsibilities(z: Float32Array, { sine, cosine, rate }: Times): Responsibilities {
        const logs = new Float32Array(total * K)
        const shares = new Float32Array(total * K)
        const l = new Float64Array(K)
        const dl = new Float64Array(K)
        const width2 = coarseFeatures(K, steps)
        for (let i = 0; i < n; i++) {
          const [s, co, speed] = [sine[i], cosine[i], rate[i]]
          const [s2, c2, turn] = [s * s, co * co, 2 * s * co * speed]
          for (let k = 0; k < K; k++) {
            let sum = 0
            let product = 1
            let slope = 0
            for (
              let e = k * d, end = e + d, at = i * width + e, below = (n + i) * width + e;
              e < end;
              e++, at++, below++
            ) {
              const variance = E[e] * c2 + s2
              const value = z[at] - shifts[e] * co
              const w = value / variance
              sum += value * w
              product *= variance
              if ((e - k * d) % CHUNK === CHUNK - 1) {
                sum += Math.log(product)
                product = 1
              }
              if (!dual) continue
              const growth = turn * (1 - E[e])
              slope += 2 * w * (z[below] + shifts[e] * s * speed) + growth * (1 / variance - w * w)
            }
            l[k] = logWeights[k] - (sum + Math.log(product)) / 2
            dl[k] = -slope / 2
          }
          let largest = -Infinity
          for (let k = 0; k < K; k++) largest = Math.max(largest, l[k])
          let norm = 0
          for (let k = 0; k < K; k++) norm += Math.exp(l[k] - largest)
          const logNorm = largest + Math.log(norm)
          let mean = 0
          for (let k = 0; k < K; k++) mean += Math.exp(l[k] - logNorm) * dl[k]
          const at = i * width2 + 2 * K * visit
          const below = (n + i) * width2 + 2 * K * visit
          for (let k = 0; k < K; k++) {
            const log = l[k] - logNorm
            const share = Math.exp(log)
            const bound = 1 - log / SOFT
            logs[i * K + k] = log
            shares[i * K + k] = share
            features[at + k] = log / (FEATURE_SCALE * bound)
            features[at + K + k] = share
            if (!dual) continue
            const change = dl[k] - mean
            logs[(n + i) * K + k] = change
            shares[(n + i) * K + k] = share * change
            features[below + k] = change / (FEATURE_SCALE * bound * bound)
            features[below + K + k] = share * change
          }
        }
        visit++
        return { logs, shares }
      }

      /** The projections z moved to another time, every component by its own affine flow. */
      function moved(z: Float32Array, from: Times, to: Times): Float32Array {
        const out = new Float32Array(z.length)
        for (let i = 0; i < n; i++) {
          const [s, co, speed] = [from.sine[i], from.cosine[i], from.rate[i]]
          const [S, Co, Speed] = to === ORIGIN ? [0, 1, 0] : [to.sine[i], to.cosine[i], to.rate[i]]
          const [s2, c2, turn] = [s * s, co * co, 2 * s * co * speed]
          const [S2, C2, Turn] = [S * S, Co * Co, 2 * S * Co * Speed]
          for (let e = 0, at = i * width, below = (n + i) * width; e < width; e++, at++, below++) {
            const variance = E[e] * c2 + s2
            const arrived = E[e] * C2 + S2
            const value = z[at] - shifts[e] * co
            const ratio = Math.sqrt(arrived / variance)
            out[at] = shifts[e] * Co + ratio * value
            if (!dual) continue
            const change = (ratio / 2) * (1 - E[e]) * (Turn / arrived - turn / variance)
            out[below] = change * value + ratio * (z[below] + shifts[e] * s * speed) - shifts[e] * S * Speed
          }
        }
        return out
      }

      /** r_k z_k, in place. */
      function mixed(z: Float32Array, { shares }: Responsibilities): Float32Array {
        for (let i = 0; i < n; i++)
          for (let k = 0; k < K; k++) {
            const share = shares[i * K + k]
            const change = dual ? shares[(n + i) * K + k] : 0
            for (let at = (i * K + k) * d, end = at + d, below = at + n * width; at < end; at++, below++) {
              if (dual) z[below] = share * z[below] + change * z[at]
              z[at] *= share
            }
          }
        return z
      }
    },
  }
}

/** Whether every component has weight and, to single precision beside the scale c of the data, extent in every direction. */
export function isFull(
  { weights, eigenvalues }: Pick<MixtureComponents, 'weights' | 'eigenvalues'>,
  c: number,
): boolean {
  return weights.every((weight) => weight > 0) && eigenvalues.every((value) => value > FLAT * c ** 2)
}

/** Rows times a matrix [d, width] or its transpose, by the backend. */
function product(x: Float32Array, columns: number, axes: Float32Array, transposed: boolean): Float32Array {
  const n = x.length / columns
  const d = transposed ? axes.length / columns : columns
  const out = tidy(() =>
    matMul(tensor2d(x, [n, columns]), tensor2d(axes, [d, axes.length / d]), false, transposed),
  )
  const values = out.dataSync() as Float32Array
  out.dispose()
  return values
}

interface Responsibilities {
  readonly logs: Float32Array
  readonly shares: Float32Array
}

/** sinθ, cosθ and θ̇ of every point. */
interface Times {
  readonly sine: Float64Array
  readonly cosine: Float64Array
  readonly rate: Float64Array
}

/** θ = 0 for all points. */
const ORIGIN: Times = { sine: new Float64Array(0), cosine: new Float64Array(0), rate: new Float64Array(0) }

function firstTimes(rows: Float32Array, columns: number, d: number, n: number, dual: boolean): Times {
  const [sine, cosine, rate] = [new Float64Array(n), new Float64Array(n), new Float64Array(n)]
  for (let i = 0; i < n; i++) {
    sine[i] = rows[i * columns + d]
    cosine[i] = rows[i * columns + d + 1]
    if (!dual) continue
    const below = (n + i) * columns + d
    rate[i] = cosine[i] * rows[below] - sine[i] * rows[below + 1]
  }
  return { sine, cosine, rate }
}

/** The times t' with log(1 + t'/c) a share of log(1 + t/c) at every point, t/c bounded by `far`: 1/(c/t + 1/far) in its place. */
function laterTimes(start: Times, n: number, far: number, share: number): Times {
  const [sine, cosine, rate] = [new Float64Array(n), new Float64Array(n), new Float64Array(n)]
  for (let i = 0; i < n; i++) {
    const s = start.sine[i]
    const bounded = 1 / (start.cosine[i] + s / far)
    const tangent = s * bounded
    const exponent = share * Math.log1p(tangent)
    const later = Math.expm1(exponent)
    const squared = 1 + later * later
    cosine[i] = 1 / Math.sqrt(squared)
    sine[i] = later * cosine[i]
    rate[i] = (share * Math.exp(exponent) * bounded * bounded * start.rate[i]) / ((1 + tangent) * squared)
  }
  return { sine, cosine, rate }
}
