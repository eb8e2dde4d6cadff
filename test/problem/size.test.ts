import { describe, expect, it } from 'vitest'
import { parseProblem } from '../../src/create/create-problem.ts'

const MANY = 100_000
const many = <T>(value: T) => new Array<T>(MANY).fill(value)
const ve = { kind: 've' }

describe('problems that no memory could hold are refused before it is taken', () => {
  it.each([
    [
      'a product',
      { process: ve, data: { kind: 'product', marginals: many({ weights: [1], means: [0], stds: [1] }) } },
      'problem.data has 100000 dimensions, whose covariances take 80.0 GB; expected data whose covariances take at most 1.1 GB.',
    ],
    [
      'components',
      {
        process: ve,
        data: {
          kind: 'mixture',
          weights: many(1 / MANY),
          means: many(new Array(50).fill(0)),
          stds: many(1),
        },
      },
      'problem.data has 100000 components in 50 dimensions, whose covariances take 2.00 GB; expected data whose covariances take at most 1.1 GB.',
    ],
    [
      'points',
      { process: ve, data: { kind: 'empirical', points: [many(0), many(1)], bandwidth: 1 } },
      'problem.data has 100000 dimensions, ',
    ],
    [
      'formulas of a score',
      { process: ve, data: { kind: 'expression', score: many('-x1') } },
      'at most 4096 formulas, where there are 100000.',
    ],
    [
      'formulas of a drift',
      {
        process: { kind: 'custom', drift: many('-x1'), sigma: '1' },
        data: { kind: 'gaussian', mean: [0], covariance: [[1]] },
      },
      'at most 4096 formulas, where there are 100000.',
    ],
  ])('%s', (_, problem, words) => {
    const before = process.memoryUsage()
    expect(() => parseProblem(problem)).toThrow(
      expect.objectContaining({ name: 'InputError', message: expect.stringContaining(words) }),
    )
    const { heapUsed, arrayBuffers } = process.memoryUsage()
    expect(heapUsed + arrayBuffers - before.heapUsed - before.arrayBuffers).toBeLessThan(5e8)
  })
})

it.each([[[0, 5e-324]], [[-5e-324, 5e-324]], [[1e308, 1.7e308]], [[-1.7e308, 1.7e308]]])(
  'a density in the box %j is refused by the name of the box',
  (box) => {
    for (const [density, boxes] of [
      ['exp(-x^2)', [box]],
      ['exp(-x1^2 - x2^2)', [[-1, 1], box]],
    ] as const)
      expect(() => parseProblem({ process: ve, data: { kind: 'formula', density, box: boxes } })).toThrow(
        /^problem\.data\.box\[\d\] is \[.*\]; expected ends from 1e-150 to 1e\+75 apart\.$/,
      )
  },
)

it.each([
  { kind: 'gaussian', mean: [1e200], covariance: [[1]] },
  { kind: 'mixture', weights: [0.5, 0.5], means: [[1e308], [-1e308]], stds: [1, 1] },
  { kind: 'product', marginals: [{ weights: [0.5, 0.5], means: [1e200, 0], stds: [1, 1] }] },
  { kind: 'radial', dimension: 2, weights: [1], radii: [1e300], thicknesses: [1] },
  { kind: 'empirical', points: [[1e200], [0]], bandwidth: 1 },
])('data too far out for their moments are refused: %j', (data) => {
  expect(() => parseProblem({ process: ve, data })).toThrow(
    /^the (mean|covariance) of the (data|mixture) is .*; expected numbers of at most 1e\+150\.$/,
  )
})
