import type { ConsistencyFunction } from '../consistency-function.ts'
import { InputError } from '../errors.ts'
import { type Points, type PointsLike, points, toPoints } from '../points/points.ts'
import type { Problem } from '../problem/problem.ts'

/**
 * A consistency function, or any function that maps points at time t (shape [n, d]) to where their trajectories start, in the time and
 * coordinates of the problem's own process.
 */
export type AnyMap = ConsistencyFunction | ((t: number, X: Points) => PointsLike | Promise<PointsLike>)

/** Whether f is a consistency function made by `solve`. */
export function isConsistencyFunction(f: AnyMap): f is ConsistencyFunction {
  return typeof f === 'object' && f !== null && typeof f.evaluate === 'function' && f.ve !== undefined
}

/**
 * f(t, x) for n·d values x of the problem's own process.
 *
 * @throws InputError when f gives something else than n points of d finite numbers
 */
export async function valuesOf(
  f: AnyMap,
  { dimension }: Problem,
  t: number,
  x: Float64Array,
): Promise<Float64Array> {
  // a function of the user may write where it reads
  const X = points(x.slice(), dimension)
  const name = `f(${t}, X)`
  const { data, shape } = toPoints(isConsistencyFunction(f) ? f.evaluate(t, X) : await f(t, X), name)
  const n = x.length / dimension
  if (shape[0] !== n || shape[1] !== dimension)
    throw new InputError(`the shape of ${name}`, shape, `[${n}, ${dimension}], that of X`)
  const bad = data.findIndex((value) => !Number.isFinite(value))
  if (bad >= 0) throw new InputError(`${name}[${Math.floor(bad / dimension)}]`, data[bad], 'finite numbers')
  return data
}

/** @throws InputError unless f can be a map of the problem */
export function checkMap(f: AnyMap, { dimension }: Problem): void {
  if (typeof f !== 'function' && !isConsistencyFunction(f))
    throw new InputError('f', f, 'a consistency function, or a function of t and X')
  if (isConsistencyFunction(f) && f.dimension !== dimension)
    throw new InputError('the dimension of f', f.dimension, `${dimension}, that of the problem`)
}
