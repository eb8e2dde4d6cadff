import type { Points } from './points/points.ts'
import type { Density } from './problem/density.ts'

/** What made a consistency function; enough to make it again with the same bits. */
export interface ConsistencyInfo {
  /** Starts with the family: characteristics, grid:forward-map, pinn, cd, sampler:heun-18, … */
  readonly method: string
  readonly options: Readonly<Record<string, unknown>>
  /** null for methods that use no randomness */
  readonly seed: number | null
  /** Evaluations of the score at one point so far, for construction and evaluation together. */
  readonly functionEvaluations: number
  /** Seconds spent in construction. */
  readonly seconds: number
  readonly version: string
  /** Whether the method aims at the map f itself, or only at the law of f(T, X_T). */
  readonly target: 'map' | 'distribution'
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
   * (networks) have it; the certificate of docs/mathematics.md §5 needs it.
   */
  jvp?(t: number, x: Float64Array, dx: Float64Array): { value: Float64Array; tangent: Float64Array }
  /** Evaluations of the score at one point so far. */
  readonly functionEvaluations: number
  /** Options that were left to the method, as it chose them. */
  readonly options?: Readonly<Record<string, unknown>>
  /** What the method says of its own result, such as whether a grid resolves the layers of f. */
  readonly diagnostics?: unknown
  /** What a user must know of the result, in whole sentences. */
  readonly warnings?: readonly string[]
}

/** f(t, x): any point of a trajectory of the probability-flow ODE to its start. What every method returns. */
export interface ConsistencyFunction {
  readonly dimension: number
  /** Times, of the problem's own process, for which `evaluate` is defined. */
  readonly tRange: readonly [number, number]
  readonly info: ConsistencyInfo
  /**
   * f(t, X), shape [n, d].
   *
   * @param t in tRange
   * @param X shape [n, d]
   * @throws InputError when t is outside tRange or X has another shape or non-finite values
   */
  evaluate(t: number, X: Points): Points
  /** The same function in the reduced (VE) problem: what metrics and certificates work with. */
  readonly ve: VeMap
}

/** How far long work has come. */
export interface Progress {
  readonly done: number
  readonly total: number
  /** What is being done, and a figure such as the loss. */
  readonly label: string
}

export interface VeRun {
  /** The largest time of the reduced (VE) problem. */
  readonly time: number
  readonly seed: number
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
}
