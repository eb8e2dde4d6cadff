import { expect, it } from 'vitest'
import { modesSection } from '../../experiments/map-report/modes.ts'

it('a coordinate of a mode that is rounding beside the others is shown as 0', () => {
  const shares = { probability: 0.5, mapped: 0.5, error: 0.1, share: 0.5 }
  const { table } = modesSection([
    { mean: [3.67e-16, 6], ...shares },
    { mean: [0.01, -6], ...shares },
  ])
  expect(table?.rows.map(([mean]) => mean)).toEqual(['(0, 6.00)', '(0.0100, -6.00)'])
})
