import type { ConsistencyFunction } from '../consistency-function.ts'
import { InputError } from '../errors.ts'
import { type Points, type PointsLike, points, toPoints } from '../points/points.ts'
import type { Problem } from '../problem/problem.ts'
import { checkTime, ownPoints, vePoints, veTime } from '../problem/process.ts'

/**
 * A consistency function, or any function that maps points at time t (shape [n, d]) to where their trajectories are at time 0, or at the time
 * `to` of the options, in the time and coordinates of the problem's own process.
 */
export type AnyMap = ConsistencyFunction | ((t: number, X: Points) => PointsLike | Promise<PointsLike>)

/** A two-time map: points at time t (shape [n, d]) to where their trajectories are at an earlier time u. */
export type AnyTwoTimeMap =
  | ConsistencyFunction
  | ((t: number, u: number, X: Points) => PointsLike | Promise<PointsLike>)

/** Whether f is a consistency function made by `solve`. */
export function isConsistencyFunction(f: unknown): f is ConsistencyFunction {
  return (
    typeof f === 'object' &&
    f !== null &&
    'evaluate' in f &&
    typeof f.evaluate === 'function' &&
    've' in f &&
    f.ve !== undefined
  )
}

/**
 * f(t → to, x) for n·d values x of the problem's own process.
 *
 * @throws InputError when f gives something else than n points of d finite numbers
 */
export async function valuesOf(
  f: AnyMap,
  problem: Problem,
  t: number,
  x: Float64Array,
  to = 0,
): Promise<Float64Array> {
  const { dimension } = problem
  // a function of the user may write where it reads
  const X = points(x.slice(), dimension)
  const given = isConsistencyFunction(f) ? valuesTo(f, problem, t, X, to) : await f(t, X)
  return checkedValues(given, `f(${t}, X)`, x.length / dimension, dimension)
}

/** f(t → u, x) of a two-time map for n·d values x of the problem's own process. @throws InputError as `valuesOf` does */
export async function pairValuesOf(
  f: AnyTwoTimeMap,
  problem: Problem,
  t: number,
  u: number,
  x: Float64Array,
): Promise<Float64Array> {
  if (isConsistencyFunction(f)) return valuesOf(f, problem, t, x, u)
  const { dimension } = problem
  const given = await f(t, u, points(x.slice(), dimension))
  return checkedValues(given, `f(${t}, ${u}, X)`, x.length / dimension, dimension)
}

/** Of a consistency function that may lead to another time than 0. */
function valuesTo(
  { evaluate, flow, ve }: ConsistencyFunction,
  { process, dimension }: Problem,
  t: number,
  X: Points,
  to: number,
): Points {
  if (to === 0) return evaluate(t, X)
  if (flow) return flow.evaluate(t, to, X)
  if (!ve.to) throw new InputError('to', to, '0: f leads to time 0 alone')
  const values = ve.to(veTime(process, to)).evaluate(veTime(process, t), vePoints(process, t, X.data))
  return points(ownPoints(process, to, values), dimension)
}

/** The time that a map leads to. @throws InputError unless it is a time of the problem before `time` */
export function checkTo(problem: Problem, time: number, to = 0): number {
  checkTime(problem, 'to', to)
  if (to < time) return to
  throw new InputError('to', to, `a time below ${time}, the time`)
}

function checkedValues(given: PointsLike, name: string, n: number, dimension: number): Float64Array {
  const { data, shape } = toPoints(given, name)
  if (shape[0] !== n || shape[1] !== dimension)
    throw new InputError(`the shape of ${name}`, shape, `[${n}, ${dimension}], that of X`)
  const bad = data.findIndex((value) => !Number.isFinite(value))
  if (bad >= 0) throw new InputError(`${name}[${Math.floor(bad / dimension)}]`, data[bad], 'finite numbers')
  return data
}

/** @throws InputError unless f can be a map of the problem */
export function checkMap(f: AnyMap | AnyTwoTimeMap, { dimension }: Problem): void {
  if (typeof f !== 'function' && !isConsistencyFunction(f))
    throw new InputError('f', f, 'a consistency function, or a function of t and X')
  if (isConsistencyFunction(f) && f.dimension !== dimension)
    throw new InputError('the dimension of f', f.dimension, `${dimension}, that of the problem`)
}
