import ndarray from 'ndarray'
import { describe, expect, it } from 'vitest'
import {
  checkPoints,
  type PointsLike,
  pointsFromRows,
  pointsToRows,
  rowMajor,
} from '../../src/points/points.ts'

describe('points', () => {
  it('come from rows and go back', () => {
    const rows = [
      [1, 2],
      [3, 4],
      [5, 6],
    ]
    expect(pointsToRows(pointsFromRows(rows))).toEqual(rows)
  })

  it('read views in any order of memory', () => {
    const base = ndarray(Float64Array.of(1, 2, 3, 4, 5, 6), [2, 3])
    expect(Array.from(rowMajor(base.transpose(1, 0)))).toEqual([1, 4, 2, 5, 3, 6])
    expect(Array.from(rowMajor(base.lo(1, 1)))).toEqual([5, 6])
    expect(rowMajor(base).buffer).toBe(base.data.buffer)
  })

  it.each([
    [[[1], [2, 3]], 'points[1]'],
    [[], 'points'],
    [[[1, Number.NaN]], 'points[0][1]'],
  ])('refuse %j', (rows, place) => {
    expect(() => pointsFromRows(rows)).toThrow(place)
  })

  it('are checked for shape and finite values', () => {
    expect(() => checkPoints(pointsFromRows([[1, 2]]), 3)).toThrow('[n, 3]')
    expect(() => checkPoints(ndarray(Float64Array.of(1, Infinity), [1, 2]), 2)).toThrow('points[0][1]')
  })
})

describe('points are taken from', () => {
  const values = [1, 2, 3, 4, 5, 6]
  it.each<[string, PointsLike]>([
    [
      'rows',
      [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
    ],
    ['a typed array with a shape', { data: Float32Array.from(values), shape: [3, 2] }],
    ['numbers of columns', ndarray([1, 3, 5, 2, 4, 6], [2, 3]).transpose(1, 0)],
    ['rows backwards', ndarray(Float64Array.of(5, 6, 3, 4, 1, 2), [3, 2]).step(-1, 1)],
    ['a window', ndarray(Int16Array.of(0, 1, 2, 0, 3, 4, 0, 5, 6), [3, 3]).lo(0, 1)],
  ])('%s', (_, X) => {
    expect(Array.from(checkPoints(X, 2))).toEqual(values)
  })

  it('bare numbers and one axis on the line', () => {
    expect(Array.from(checkPoints([3, -5], 1))).toEqual([3, -5])
    expect(Array.from(checkPoints(ndarray(Float64Array.of(3, 0, -5), [3]).step(2), 1))).toEqual([3, -5])
  })

  it.each<[unknown, string]>([
    [undefined, 'points is missing; expected an ndarray of shape [n, d], rows, or { data, shape }.'],
    [Float64Array.of(1, 2), 'expected an ndarray of shape [n, d]'],
    [{ data: Float64Array.of(1, 2, 3), shape: [2, 2] }, 'the data of points is "3 numbers"; expected 4'],
    [
      { data: Float64Array.of(1, 2, 3), shape: [2, 2], stride: [2, 1], offset: 0 },
      'the data of points is "3 numbers"',
    ],
    [{ data: Float64Array.of(1, 2, 3, 4), shape: [2, 2], stride: [-2, 1], offset: 0 }, 'the data of points'],
    [{ data: Float64Array.of(1, 2), shape: [1, 1, 2] }, 'points is [1,1,2]'],
    [[[1], [2, 3]], 'points[1]'],
    [[1, [2]], 'points[1][0]'],
    [[], 'at least one row'],
  ])('but not from %j', (X, sentence) => {
    expect(() => checkPoints(X as PointsLike, 2)).toThrow(sentence)
  })

  it('but not from integers of 64 bits', () => {
    const X = ndarray(BigInt64Array.of(1n, 2n), [2, 1])
    expect(() => checkPoints(X as unknown as PointsLike, 1)).toThrow('expected numbers')
  })
})
