import ndarray, { type NdArray } from 'ndarray'
import ops from 'ndarray-ops'
import { InputError } from '../errors.ts'

/** n points of dimension d: an ndarray of shape [n, d] over a Float64Array. */
export type Points = NdArray<Float64Array>

/** Numbers with a shape: an `ndarray` over any numbers in any layout, or a typed array with the shape of its row-major values. */
export interface ShapedArray {
  readonly data: ArrayLike<number>
  readonly shape: readonly number[]
  /** Row-major where absent. */
  readonly stride?: readonly number[]
  readonly offset?: number
}

/**
 * Whatever points may be given as: an `ndarray` of shape [n, d], a typed array with that shape, or rows. In one dimension a point may be
 * a bare number.
 */
export type PointsLike = ShapedArray | readonly (readonly number[])[] | readonly number[]

/** Wraps row-major data as points without copying it. */
export function points(data: Float64Array, dimension: number): Points {
  return ndarray(data, [data.length / dimension, dimension])
}

/**
 * Points from rows of numbers.
 *
 * @param rows n rows of d finite numbers each
 * @throws InputError when rows differ in length, are empty, or hold anything but finite numbers
 * @example pointsFromRows([[0, 1], [2, 3]]).shape // [2, 2]
 */
export function pointsFromRows(rows: readonly (readonly number[])[], parameter = 'points'): Points {
  const dimension = rows[0]?.length ?? 0
  if (dimension === 0) throw new InputError(parameter, rows, 'at least one row of at least one number')
  const data = new Float64Array(rows.length * dimension)
  rows.forEach((row, i) => {
    if (!Array.isArray(row) || row.length !== dimension)
      throw new InputError(`${parameter}[${i}]`, row, `a row of ${dimension} numbers like the first`)
    row.forEach((value, j) => {
      if (typeof value !== 'number' || !Number.isFinite(value))
        throw new InputError(`${parameter}[${i}][${j}]`, value, 'a finite number')
      data[i * dimension + j] = value
    })
  })
  return points(data, dimension)
}

/** The rows of X as arrays of numbers. */
export function pointsToRows(X: PointsLike, parameter = 'points'): number[][] {
  const { data, shape } = toPoints(X, parameter)
  const [n, d] = shape
  return Array.from({ length: n }, (_, i) => Array.from(data.subarray(i * d, (i + 1) * d)))
}

/**
 * Points in row-major order from whatever they are given as: over X's own memory where it is so already, a copy otherwise.
 *
 * @throws InputError for anything else, an array whose data is shorter than its shape, or rows that differ in length
 */
export function toPoints(X: PointsLike, parameter = 'points'): Points {
  if (Array.isArray(X)) {
    const rows = X as readonly unknown[]
    const list = Array.isArray(rows[0]) ? rows : rows.map((value) => [value])
    return pointsFromRows(list as readonly (readonly number[])[], parameter)
  }
  const { data, shape, stride, offset = 0 } = (X ?? {}) as Partial<ShapedArray>
  if (!data || !Array.isArray(shape) || shape.length < 1 || shape.length > 2 || !shape.every(isCount))
    throw new InputError(parameter, shape ?? X, 'an ndarray of shape [n, d], rows, or { data, shape }')
  const [n, d = 1] = shape as [number, number?]
  const [down, across = 1] = stride ?? (shape.length === 2 ? [d, 1] : [1])
  if (!stride && data.length !== n * d)
    throw new InputError(
      `the data of ${parameter}`,
      `${data.length} numbers`,
      `${n * d}, as its shape is [${shape}]`,
    )
  const ends = n * d === 0 ? [0] : [offset + (n - 1) * Math.min(0, down) + (d - 1) * Math.min(0, across)]
  if (n * d > 0) ends.push(offset + (n - 1) * Math.max(0, down) + (d - 1) * Math.max(0, across))
  if (ends.some((place) => !(place >= 0 && (n * d === 0 || place < data.length))))
    throw new InputError(
      `the data of ${parameter}`,
      `${data.length} numbers`,
      `as many as the shape [${shape}] needs`,
    )
  if (data instanceof Float64Array && across === 1 && (down === d || n <= 1))
    return points(data.subarray(offset, offset + n * d), d)
  if (typeof data[0] !== 'number')
    throw new InputError(`the data of ${parameter}`, `of type ${typeof data[0]}`, 'numbers')
  const copy = points(new Float64Array(n * d), d)
  // only read: the types of ndarray-ops know nothing of what is on the right
  ops.assign(copy, ndarray(data as Float64Array, [n, d], [down, across], offset))
  return copy
}

function isCount(size: unknown): boolean {
  return Number.isSafeInteger(size) && (size as number) >= 0
}

/** The values of X in row-major order: X's own memory where it already is so, a copy otherwise. */
export function rowMajor(X: PointsLike): Float64Array {
  return toPoints(X).data
}

/** Throws an InputError unless X has shape [n, dimension] and finite values. Returns its row-major values. */
export function checkPoints(X: PointsLike, dimension: number, parameter = 'points'): Float64Array {
  const { data, shape } = toPoints(X, parameter)
  if (shape[1] !== dimension)
    throw new InputError(
      `the shape of ${parameter}`,
      shape,
      `[n, ${dimension}], the dimension of the problem`,
    )
  const bad = data.findIndex((value) => !Number.isFinite(value))
  if (bad >= 0)
    throw new InputError(
      `${parameter}[${Math.floor(bad / dimension)}][${bad % dimension}]`,
      data[bad],
      'a finite number',
    )
  return data
}
