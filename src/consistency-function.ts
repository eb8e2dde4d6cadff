import type { NdArray } from 'ndarray'
import type { Attempt, VeAttempt } from './attempt.ts'
import type { Points, PointsLike } from './points/points.ts'
import type { Density } from './problem/density.ts'
import type { ProbabilityFlow } from './problem/probability-flow.ts'
import type { Process } from './problem/process.ts'
import type { Progress } from './progress.ts'

/** What made a consistency function; enough to make it again with the same bits. */
export interface ConsistencyInfo {
  /** Starts with the family: characteristics, grid:forward-map, pinn, cd, sampler:heun-18, … */
  readonly method: string
  readonly options: Readonly<Record<string, unknown>>
  /** null for methods that use no randomness */
  readonly seed: number | null
  /** Evaluations of the score at one point so far, for construction and evaluation together. */
  readonly functionEvaluations: number
  /** Steps so far, of methods that choose them. */
  readonly statistics?: StepStatistics
  /** Seconds spent in construction. */
  readonly seconds: number
  readonly version: string
  /** Whether the method aims at the map f itself, or only at the law of f(T, X_T). */
  readonly target: 'map' | 'distribution'
}

/** Steps of an adaptive method so far, those of a block of rows counted once. */
export interface StepStatistics {
  readonly accepted: number
  readonly rejected: number
}

/**
 * An approximation of the consistency function f(t, x) of a VE problem, on row-major batches. What methods
 * produce; docs/mathematics.md §1 reduces every linear process to it.
 */
export interface VeMap {
  /** f(t, x) for n·d values x. t is at most the time the map was made for. */
  evaluate(t: number, x: Float64Array): Float64Array
  /**
   * f and its derivative along (dt, dx) = (1, dx): ∂_t f + ∇f·dx, both n·d values. Only differentiable maps
   * (networks) have it; the certificate of docs/mathematics.md §5 needs it. `error` is how far a tangent by differences may be off.
   */
  jvp?(
    t: number,
    x: Float64Array,
    dx: Float64Array,
  ): { value: Float64Array; tangent: Float64Array; error?: Float64Array }
  /** Whether derivatives are differences of values, each of which costs several of these. */
  readonly byDifferences?: boolean
  /**
   * f and its derivative along the flow of the density that it was made for. Maps in the time of another process have it: along (1, dx)
   * the data are lost in rounding near the end of a process in which they vanish.
   */
  alongFlow?(t: number, x: Float64Array): ReturnType<NonNullable<VeMap['jvp']>>
  /** The map f(t → u, x) as one of t and x, for networks: u is any time below t of a two-time map, the start of another. */
  to?(u: number): VeMap
  /** That `jvp` is the package's own derivative of its own layers, so that none but rounding can set it apart from the values. */
  readonly ownDerivative?: true
  /** The time from which the map is to be f, where that is above 0: before it is x itself. */
  readonly startTime?: number
  /** f(t, x) where some rows may fail and the others are kept. Without it every row succeeds. */
  attempt?(t: number, x: Float64Array): VeAttempt
  /** The two-time map: f(t → u, x) for n·d values x. Those of networks need u ≤ t. */
  readonly flow?: { evaluate(t: number, u: number, x: Float64Array): Float64Array }
  /** ∂f/∂x at time t, [n, d, d] row-major: [row, i, j] is ∂f_i/∂x_j. Exact maps and characteristics have it. */
  jacobian?(t: number, x: Float64Array): Float64Array
  /** Evaluations of the score at one point so far. */
  readonly functionEvaluations: number
  readonly statistics?: StepStatistics
  /** Options that were left to the method, as it chose them. */
  readonly options?: Readonly<Record<string, unknown>>
  /** What the method says of its own result, such as whether a grid resolves the layers of f. */
  readonly diagnostics?: unknown
  /** What a user must know of the result, in whole sentences. */
  readonly warnings?: readonly string[]
  /** What the error of this map consists of, in a whole sentence, where the method can say so. */
  readonly cause?: string
}

/** f(t, x): any point of a trajectory of the probability-flow ODE to its start. What every method returns. */
export interface ConsistencyFunction {
  readonly dimension: number
  /** Times, of the problem's own process, for which `evaluate` is defined. */
  readonly tRange: readonly [number, number]
  readonly info: ConsistencyInfo
  /** What a user must know of the result, in whole sentences: a grid that does not resolve f, an accuracy that was not reached. */
  readonly warnings: readonly string[]
  /**
   * f(t, X), shape [n, d].
   *
   * @param t in tRange
   * @param X n points, shape [n, d]
   * @throws InputError when t is outside tRange or X has another shape or non-finite values
   */
  evaluate(t: number, X: PointsLike): Points
  /**
   * The same where some rows may fail: keeps those that were finished (NaN in the others), with a code for each row and one
   * sentence on what to try. `evaluate` throws an UnfinishedError then, which holds the same.
   */
  attempt(t: number, X: PointsLike): Attempt
  /** The two-time map f(t → u, x); exact maps, characteristics and two-time networks have it. */
  readonly flow?: TwoTimeMap
  /**
   * ∂f/∂x, shape [n, d, d]: [row, i, j] is ∂f_i/∂x_j. Exact maps have it in closed form, characteristics by their
   * variational equation, networks by Jacobian–vector products. Parameters as `evaluate`.
   */
  jacobian?(t: number, X: PointsLike): NdArray<Float64Array>
  /**
   * The same function in the reduced (VE) problem: what metrics and certificates work with. In the problem's own time and
   * coordinates where it does not reduce.
   */
  readonly ve: VeMap
}

/** f(t → u, x): the place at time u of the trajectory through (t, x). */
export interface TwoTimeMap {
  /**
   * Shape [n, d].
   *
   * @param t in tRange
   * @param u in tRange, before or after t; networks need u ≤ t
   * @param X shape [n, d], places at time t
   * @throws InputError for times out of range or X of another shape
   */
  evaluate(t: number, u: number, X: PointsLike): Points
}

export interface VeRun {
  /** The process that was reduced to VE, for networks in its own time and coordinates; VE itself where absent. */
  readonly process?: Process
  /** The largest time of the reduced (VE) problem. */
  readonly time: number
  readonly seed: number
  /** [d]: what was subtracted from the data of the problem, for methods that know the data as they were. */
  readonly centre?: Float64Array
  readonly onProgress?: (progress: Progress) => void
  readonly signal?: AbortSignal
}

/** A way to compute consistency functions: a plain value made by a small factory such as `rungeKutta({rtol: 1e-10})`. */
export interface Method {
  /** Starts with the family, as in `ConsistencyInfo.method`. */
  readonly name: string
  readonly options: Readonly<Record<string, unknown>>
  readonly target: 'map' | 'distribution'
  /** Whether the seed changes the result. */
  readonly random: boolean
  /** f for the VE process with this density, on [0, run.time]. */
  solveVe(density: Density, run: VeRun): VeMap | Promise<VeMap>
  /** f of a problem that does not reduce to the VE process, on [0, run.time] of its own time. Absent where the method needs VE. */
  solveFlow?(flow: ProbabilityFlow, run: VeRun): VeMap | Promise<VeMap>
}
