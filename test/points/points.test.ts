import ndarray from 'ndarray'
import { describe, expect, it } from 'vitest'
import { checkPoints, pointsFromRows, pointsToRows, rowMajor } from '../../src/points/points.ts'

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
