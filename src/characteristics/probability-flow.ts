import { valuesOrThrow } from '../attempt.ts'
import { InputError } from '../errors.ts'
import type { Density } from '../problem/density.ts'
import { SPREAD } from './adaptive-steps.ts'
import { BlockSolver, type Statistics } from './block-solver.ts'
import { moveBlocks, scatter } from './blocks.ts'
import type { Velocity } from './engine.ts'
import { fusedMixture } from './fused.ts'
import { attainable, checkOptions, type RungeKuttaOptions } from './options.ts'

// Above this angle the velocity comes from the denoiser, below it from the score: each form loses digits at the
// other end, by tan θ and by 1/sin θ. Measured on a Gaussian, where v = 0, their rounding errors cross at π/4.
const SWITCH = Math.PI / 4

/**
 * The probability-flow ODE in comoving coordinates (docs/mathematics.md §2): r = √(c² + t²), θ = arctan(t/c),
 * y = (x − μ)/r, and dy/dθ = −tan θ (y + r s(t, μ + r y)) = E[Z | x]/cos θ − tan θ y = −(D(t, μ + r y) − μ − c cos θ y)/(c sin θ).
 * Needs a data scale c above 0.
 */
export function comovingVelocity(density: Density): Velocity {
  const { dimension } = density
  const { mean, scale } = density.moments
  let x = new Float64Array(0)
  const velocity: Velocity = (theta, y, out) => {
    if (x.length !== y.length) x = new Float64Array(y.length)
    const tangent = Math.tan(theta)
    const cosine = Math.cos(theta)
    const r = scale / cosine
    for (let start = 0; start < y.length; start += dimension)
      for (let i = 0; i < dimension; i++) x[start + i] = mean[i] + r * y[start + i]
    if (theta <= SWITCH && density.noise) {
      density.noise(scale * tangent, x, out)
      for (let i = 0; i < y.length; i++) out[i] = out[i] / cosine - tangent * y[i]
      return
    }
    if (theta <= SWITCH && !density.atomic) {
      density.score(scale * tangent, x, out)
      for (let i = 0; i < y.length; i++) out[i] = -tangent * (y[i] + r * out[i])
      return
    }
    density.denoiser(scale * tangent, x, out)
    const factor = -1 / (scale * Math.sin(theta))
    const pull = scale * cosine
    for (let start = 0; start < y.length; start += dimension)
      for (let i = 0; i < dimension; i++)
        out[start + i] = factor * (out[start + i] - mean[i] - pull * y[start + i])
  }
  return Object.assign(velocity, { mixture: fusedMixture(density), finest: finestOf(density, scale) })
}

// parts wider than this share of the data scale are seen by every step
const NARROW = 1 / 32

/** The smallest time at which the data have structure, in units of `unit`, where that is far below the data scale. */
export function finestOf({ finest, moments }: Density, unit: number): number | undefined {
  return finest !== undefined && finest < NARROW * moments.scale ? finest / unit : undefined
}

/** y = (x − μ)/r at time t, r = √(c² + t²). `out` may be x. */
export function toComoving(density: Density, t: number, x: Float64Array, out: Float64Array): void {
  const { dimension } = density
  const { mean, scale } = density.moments
  // not c/cos θ: an angle near π/2 has lost the digits of t
  const r = Math.hypot(scale, t)
  for (let start = 0; start < x.length; start += dimension)
    for (let i = 0; i < dimension; i++) out[start + i] = (x[start + i] - mean[i]) / r
}

/** x = μ + r y at time t. `out` may be y. */
export function fromComoving(density: Density, t: number, y: Float64Array, out: Float64Array): void {
  const { dimension } = density
  const { mean, scale } = density.moments
  const r = Math.hypot(scale, t)
  for (let start = 0; start < y.length; start += dimension)
    for (let i = 0; i < dimension; i++) out[start + i] = mean[i] + r * y[start + i]
}

/** The probability-flow ODE in its own coordinates: dx/dt = −t s(t, x) = E[Z | x]. */
export function scoreVelocity(density: Density): Velocity {
  const { noise } = density
  const velocity: Velocity = noise
    ? (t, x, out) => noise(t, x, out)
    : (t, x, out) => {
        density.score(t, x, out)
        for (let i = 0; i < x.length; i++) out[i] *= -t
      }
  return Object.assign(velocity, { finest: finestOf(density, 1) })
}

/** The same for t > 0 by the denoiser, dx/dt = (x − D(t, x))/t: for data on points or planes, whose score has no limit at t = 0. */
export function denoiserVelocity(density: Density): Velocity {
  const velocity: Velocity = (t, x, out) => {
    density.denoiser(t, x, out)
    for (let i = 0; i < x.length; i++) out[i] = (x[i] - out[i]) / t
  }
  return Object.assign(velocity, { finest: finestOf(density, 1) })
}

/** Trajectories of the probability-flow ODE in comoving coordinates (docs/mathematics.md §2), forward or backward. */
export interface Flow {
  /**
   * Positions y at each angle of the trajectories that start from y0 at thetas[0], as n·d values for each angle.
   *
   * @param thetas ascending or descending, in [0, π/2]; above 0 for data on points, whose score has no limit there
   * @param y0 n·d values
   * @throws InputError for angles out of order or range
   * @throws UnfinishedError when the tolerance is out of reach, with the positions at the last angle
   */
  carry(thetas: Float64Array, y0: Float64Array): Float64Array[]
  /** Evaluations of the score at one point so far. */
  readonly functionEvaluations: number
  readonly statistics: Statistics
}

/**
 * The flow of a density with a data scale above 0. Points between the first and the last angle come from the dense
 * output of the method, so their number costs little.
 *
 * @example flow(density, { rtol: 1e-9 }).carry(Float64Array.of(0, Math.atan2(T, c)), y0)[1]
 */
export function flow(density: Density, options: Omit<RungeKuttaOptions, 'coordinates'> = {}): Flow {
  const { dimension, moments } = density
  if (moments.scale === 0)
    throw new InputError('the scale of the data', 0, 'above 0 for comoving coordinates')
  const checked = attainable(checkOptions(options), density)
  const solver = new BlockSolver(dimension, checked)
  const velocity = comovingVelocity(density)
  return {
    get functionEvaluations() {
      return solver.evaluations
    },
    get statistics() {
      return solver.statistics
    },
    carry(thetas, y0) {
      checkAngles(thetas, density.atomic)
      const last = thetas.length - 1
      const positions = Array.from(thetas, (): Float64Array => new Float64Array(y0.length))
      positions[0].set(y0)
      const between = thetas.subarray(1, last)
      // without positions in between, the steps of a mixture are those in WebAssembly
      const fused = between.length === 0 && velocity.mixture !== undefined
      const moved = moveBlocks(y0, density, { stepSize: checked.stepSize, fused }, (block, rows) => {
        const emit = (i: number, y: Float64Array) => scatter(y, rows, dimension, positions[i + 1])
        const outputs = between.length > 0 ? { at: between, emit } : undefined
        return solver.run('θ', velocity, thetas[0], thetas[last], block, outputs)
      })
      positions[last] = valuesOrThrow(moved, dimension)
      return positions
    },
  }
}

function checkAngles(thetas: Float64Array, atomic: boolean): void {
  if (thetas.length === 0) throw new InputError('thetas', thetas, 'at least one angle')
  const direction = Math.sign(thetas[thetas.length - 1] - thetas[0])
  thetas.forEach((theta, i) => {
    if (!(theta >= 0 && theta <= Math.PI / 2))
      throw new InputError(`thetas[${i}]`, theta, 'an angle in [0, π/2]')
    if (atomic && theta === 0)
      throw new InputError(`thetas[${i}]`, theta, 'an angle above 0: the data are points')
    if (i > 0 && !(direction * (theta - thetas[i - 1]) >= 0))
      throw new InputError(`thetas[${i}]`, theta, 'angles that only grow or only shrink')
  })
}

/**
 * What must be said of steps that were chosen without a look at the data, as those of samplers and of paths: that one of them is so long that it
 * passes over the narrowest part. Adaptive steps are never that long.
 *
 * @param times of the VE problem, in either order
 * @param what the steps, as the subject of a sentence
 * @returns a sentence, or null where no step is
 */
export function passedOver(density: Density, times: ArrayLike<number>, what: string): string | null {
  const finest = finestOf(density, 1)
  // point masses have no width
  if (!finest) return null
  for (let k = 1; k < times.length; k++) {
    const [low, high] = [Math.min(times[k - 1], times[k]), Math.max(times[k - 1], times[k])]
    if (!(high + finest > SPREAD * (low + finest) * (1 + 1e-9))) continue
    return (
      `${what} are longer than the data allow: one goes from ${high.toPrecision(3)} to ${low.toPrecision(3)} (times of the VE process), and the narrowest part of the data ` +
      `has a deviation of ${finest.toPrecision(3)}. Between such parts it may end where there are no data: take more steps, or times closer to 0.`
    )
  }
  return null
}
