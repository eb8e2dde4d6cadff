import { describe, expect, it } from 'vitest'
import { createSegments } from '../../src/characteristics/segments.ts'
import { createProblem } from '../../src/create/create-problem.ts'

const points = createProblem({
  process: { kind: 've' },
  data: { kind: 'empirical', points: [[-1], [1]], bandwidth: 0 },
}).density
const smooth = createProblem({
  process: { kind: 've' },
  data: { kind: 'gaussian', mean: [0], covariance: [[1]] },
}).density

/** Name, start and end of the segments from t to u. */
const way = (density: typeof points, t: number, u: number) =>
  createSegments(density, 'comoving')(t, u).map(({ name, start, end }) => ({ name, start, end }))

describe('segments of a trajectory', () => {
  it('are one in θ where the data has a density, in either direction', () => {
    expect(way(smooth, 5, 0)).toEqual([{ name: 'θ', start: 5, end: 0 }])
    expect(way(smooth, 0, 5)).toEqual([{ name: 'θ', start: 0, end: 5 }])
  })

  it('are two for data on points, one in θ and one in t near the data, and never one of no length', () => {
    const [first, second] = way(points, 5, 0)
    expect([first.name, second.name]).toEqual(['θ', 't'])
    const change = first.end
    expect(second.start).toBe(change)
    expect(second.end).toBeGreaterThan(0)
    expect(way(points, change, 5)).toEqual([{ name: 'θ', start: change, end: 5 }])
    expect(way(points, 5, change)).toEqual([{ name: 'θ', start: 5, end: change }])
    expect(way(points, change / 2, change)).toEqual([{ name: 't', start: change / 2, end: change }])
    expect(way(points, change / 2, 5)).toEqual([
      { name: 't', start: change / 2, end: change },
      { name: 'θ', start: change, end: 5 },
    ])
  })

  it('refuse to start on the points themselves', () => {
    expect(() => way(points, 0, 5)).toThrow(/^the time to start from is 0; expected at least /)
  })
})
