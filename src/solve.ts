import ndarray from 'ndarray'
import type { RowCode } from './attempt.ts'
import type { ConsistencyFunction, Method, VeMap, VeRun } from './consistency-function.ts'
import { checkInteger, InputError } from './errors.ts'
import { checkPoints, type PointsLike, points } from './points/points.ts'
import { type ProbabilityFlow, probabilityFlow } from './problem/probability-flow.ts'
import type { Problem } from './problem/problem.ts'
import {
  checkProcessTime,
  checkTime,
  ownData,
  ownPoints,
  type Process,
  vePoints,
  veTime,
} from './problem/process.ts'
import { ve as veProcess } from './problem/processes/closed-form.ts'
import type { Progress } from './progress.ts'
import { version } from './version.ts'

export interface SolveOptions {
  /** The largest time T of the problem's own process, above 0 and at most the process's maximum. */
  readonly time: number
  /** Default 0. */
  readonly seed?: number
  readonly onProgress?: (progress: Progress) => void
  readonly signal?: AbortSignal
}

/**
 * The consistency function of a problem by a method. Linear processes are reduced to the VE process here, and
 * only here: f(t, x) = f_VE(σ(t)/α(t), x/α(t)) (docs/mathematics.md §1), about the mean of data that are far from the origin. With a drift that is not linear there is nothing to
 * reduce to: methods that can follow the probability-flow ODE in its own time do so.
 *
 * @throws InputError for a time outside the process, or what the method cannot do
 * @example const f = await solve(problem, rungeKutta({ rtol: 1e-10 }), { time: 80 })
 */
export async function solve(
  problem: Problem,
  method: Method,
  options: SolveOptions,
): Promise<ConsistencyFunction> {
  const { density, dimension, law } = problem
  // a problem that does not reduce keeps its own time and coordinates
  const process = law ? veProcess() : problem.process
  const time = checkTime(problem, 'time', options.time, true)
  const seed = checkInteger('seed', options.seed ?? 0, -(2 ** 31), 2 ** 31 - 1)
  const start = performance.now()
  const run: VeRun = {
    process,
    time: veTime(process, time),
    seed,
    ...(process.centre && { centre: process.centre }),
    ...(options.onProgress && { onProgress: options.onProgress }),
    ...(options.signal && { signal: options.signal }),
  }
  const ve = await (law ? solveOwn(method, probabilityFlow(problem, law), run) : method.solveVe(density, run))
  const seconds = (performance.now() - start) / 1000
  const { flow } = ve
  const check = (t: number, X: PointsLike, parameter = 't') => {
    checkProcessTime(process, parameter, t, { high: time })
    return checkPoints(X, dimension)
  }
  return {
    dimension,
    tRange: [0, time],
    ve,
    get warnings() {
      return ve.warnings ?? []
    },
    get info() {
      return {
        method: method.name,
        options: { ...method.options, ...ve.options },
        seed: method.random ? seed : null,
        functionEvaluations: ve.functionEvaluations,
        ...(ve.statistics && { statistics: ve.statistics }),
        seconds,
        version,
        target: method.target,
      }
    },
    evaluate(t, X) {
      const x = check(t, X)
      if (t === 0) return points(x.slice(), dimension)
      return points(ownData(process, ve.evaluate(veTime(process, t), vePoints(process, t, x))), dimension)
    },
    attempt(t, X) {
      const x = check(t, X)
      const n = x.length / dimension
      const complete = (values: Float64Array) => ({
        values,
        codes: new Array<RowCode>(n).fill('success'),
        finished: n,
        message: null,
      })
      if (t === 0) return { ...complete(x), values: points(x.slice(), dimension) }
      const [tau, y] = [veTime(process, t), vePoints(process, t, x)]
      const attempt = ve.attempt?.(tau, y) ?? complete(ve.evaluate(tau, y))
      return { ...attempt, values: points(ownData(process, attempt.values), dimension) }
    },
    ...(flow && {
      flow: {
        evaluate(t: number, u: number, X: PointsLike) {
          const x = check(t, X)
          checkProcessTime(process, 'u', u, { high: time })
          if (t === u) return points(x.slice(), dimension)
          const y = flow.evaluate(veTime(process, t), veTime(process, u), vePoints(process, t, x))
          return points(ownPoints(process, u, y), dimension)
        },
      },
    }),
    ...((ve.jacobian || ve.jvp) && {
      jacobian(t: number, X: PointsLike) {
        const x = check(t, X)
        return ndarray(slopes(ve, process, t, x, dimension), [x.length / dimension, dimension, dimension])
      },
    }),
  }
}

/** The map of a problem that does not reduce to the VE process, in its own time. */
function solveOwn(method: Method, flow: ProbabilityFlow, run: VeRun): VeMap | Promise<VeMap> {
  if (method.solveFlow) return method.solveFlow(flow, run)
  throw new InputError(
    'method',
    method.name,
    'characteristics, or exact on the line: the drift of the process is not linear, so the problem does not reduce to the VE process',
  )
}

/** ∂f/∂x, [n, d, d] row-major, of the problem's own process: that of the VE problem divided by α. */
function slopes(ve: VeMap, process: Process, t: number, x: Float64Array, d: number): Float64Array {
  if (t === 0) return identities(x.length / d, d)
  const [tau, y] = [veTime(process, t), vePoints(process, t, x)]
  const alpha = process.alpha(t)
  return (ve.jacobian?.(tau, y) ?? byDirections(ve, tau, y, d)).map((value) => value / alpha)
}

function identities(n: number, d: number): Float64Array {
  return Float64Array.from({ length: n * d * d }, (_, i) => Number(Math.floor(i / d) % d === i % d))
}

/** Column j is what the derivative along (1, e_j) adds to that along (1, 0). */
function byDirections(ve: VeMap, t: number, x: Float64Array, d: number): Float64Array {
  const out = new Float64Array(x.length * d)
  const direction = new Float64Array(x.length)
  const still = ve.jvp?.(t, x, direction).tangent ?? direction
  for (let j = 0; j < d; j++) {
    const tangent =
      ve.jvp?.(
        t,
        x,
        direction.map((_, i) => Number(i % d === j)),
      ).tangent ?? direction
    for (let i = 0; i < x.length; i++) out[i * d + j] = tangent[i] - still[i]
  }
  return out
}
