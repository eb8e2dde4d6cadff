import { describe, expect, it } from 'vitest'
import { rowsOf, worstOf, worstSection } from '../../experiments/map-report/worst.ts'

describe('the worst rows of a map', () => {
  // squared errors times weights: 0.1, 8, 0, 1.8, 0.1 of 10
  const squares = Float64Array.of(0.1, 4, 0, 0.9, 0.1)
  const weights = Float64Array.of(1, 2, 3, 2, 1)

  it('are the fewest that hold 95 % of the squared error, the worst first, with their probabilities', () => {
    const worst = worstOf(squares, weights)
    expect(worst.rows).toEqual([1, 3])
    expect(Array.from(worst.weights)).toEqual([2 / 9, 2 / 9])
    expect(Array.from(worst.errors)).toEqual([2, Math.sqrt(0.9)])
    expect(worst.share).toBeCloseTo(0.98, 14)
  })

  it('are 1000 at most, and one where there is no error at all', () => {
    expect(worstOf(new Float64Array(3000).fill(1), new Float64Array(3000).fill(1)).rows).toHaveLength(1000)
    const none = worstOf(new Float64Array(3), new Float64Array(3).fill(1))
    expect(none).toMatchObject({ rows: [0], share: 0 })
  })

  it('stand in a table with their places, of which four coordinates are shown', () => {
    const worst = worstOf(squares, weights)
    const all = Array.from({ length: 5 * 2 }, (_, i) => i)
    const x = rowsOf(all, 2, worst.rows)
    expect(Array.from(x)).toEqual([2, 3, 6, 7])
    const places = (values: Float64Array) =>
      worstSection(worst, values).table?.rows.map((row) => row[row.length - 1])
    expect(places(x)).toEqual(['(2.00, 3.00)', '(6.00, 7.00)'])
    const five = rowsOf(
      Array.from({ length: 25 }, (_, i) => i),
      5,
      worst.rows,
    )
    expect(places(five)).toEqual(['(5.00, 6.00, 7.00, 8.00, …)', '(15.0, 16.0, 17.0, 18.0, …)'])
  })
})
