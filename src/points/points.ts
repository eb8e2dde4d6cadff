import ndarray, { type NdArray } from 'ndarray'
import ops from 'ndarray-ops'
import { InputError } from '../errors.ts'

/** n points of dimension d: an ndarray of shape [n, d] over a Float64Array. */
export type Points = NdArray<Float64Array>

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
export function pointsToRows(X: Points): number[][] {
  const [n, d] = X.shape as [number, number]
  const data = rowMajor(X)
  return Array.from({ length: n }, (_, i) => Array.from(data.subarray(i * d, (i + 1) * d)))
}

/** The values of X in row-major order: X's own memory where it already is so, a copy otherwise. */
export function rowMajor(X: Points): Float64Array {
  const [n, d] = X.shape as [number, number]
  if (X.data instanceof Float64Array && X.stride[1] === 1 && (X.stride[0] === d || n <= 1))
    return X.data.subarray(X.offset, X.offset + n * d)
  const copy = points(new Float64Array(n * d), d)
  ops.assign(copy, X)
  return copy.data
}

/** Throws an InputError unless X has shape [n, dimension] and finite values. Returns its row-major values. */
export function checkPoints(X: Points, dimension: number, parameter = 'points'): Float64Array {
  if (X?.shape?.length !== 2 || X.shape[1] !== dimension)
    throw new InputError(
      `the shape of ${parameter}`,
      X?.shape,
      `[n, ${dimension}], the dimension of the problem`,
    )
  const data = rowMajor(X)
  const bad = data.findIndex((value) => !Number.isFinite(value))
  if (bad >= 0)
    throw new InputError(
      `${parameter}[${Math.floor(bad / dimension)}][${bad % dimension}]`,
      data[bad],
      'a finite number',
    )
  return data
}
