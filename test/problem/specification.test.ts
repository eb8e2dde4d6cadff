import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { parseProblem } from '../../src/create/create-problem.ts'
import { InputError } from '../../src/errors.ts'
import { problemSchema } from '../../src/specification/problem.ts'

const ve = { kind: 've' }
const mixture = { kind: 'mixture', weights: [0.5, 0.5], means: [[0], [1]], stds: [1, 1] }
const gaussian = {
  kind: 'gaussian',
  mean: [0, 0],
  covariance: [
    [1, 0],
    [0, 1],
  ],
}
const radial = { kind: 'radial', dimension: 3, weights: [1], radii: [2], thicknesses: [0.5] }
const formula = (density: string, box?: number[][]) => ({
  process: ve,
  data: { kind: 'formula', density, ...(box && { box }) },
})
const custom = (drift: string, sigma: string, maximumTime?: number) => ({
  process: { kind: 'custom', drift, sigma, ...(maximumTime !== undefined && { maximumTime }) },
  data: mixture,
})

const malformed: [string, unknown, string][] = [
  ['no object', 3, 'problem'],
  ['no process', { data: mixture }, 'problem.process'],
  ['unknown process', { process: { kind: 'warp' }, data: mixture }, 'problem.process'],
  ['unknown key', { process: ve, data: mixture, extra: 1 }, 'problem.extra'],
  ['unknown key in the data', { process: ve, data: { ...mixture, sigma: 1 } }, 'problem.data.sigma'],
  ['unknown data', { process: ve, data: { kind: 'fog' } }, 'problem.data'],
  [
    'text for a number',
    { process: ve, data: { ...mixture, weights: ['a', 0.5] } },
    'problem.data.weights[0]',
  ],
  ['NaN', { process: ve, data: { ...mixture, weights: [Number.NaN, 0.5] } }, 'problem.data.weights[0]'],
  [
    'weights that add up to 0.9',
    { process: ve, data: { ...mixture, weights: [0.5, 0.4] } },
    'problem.data.weights',
  ],
  [
    'a negative weight',
    { process: ve, data: { ...mixture, weights: [1.5, -0.5] } },
    'problem.data.weights[1]',
  ],
  ['too few means', { process: ve, data: { ...mixture, means: [[0]] } }, 'problem.data.means'],
  [
    'means of two sizes',
    { process: ve, data: { ...mixture, means: [[0], [1, 2]] } },
    'problem.data.means[1]',
  ],
  ['no spreads', { process: ve, data: { kind: 'mixture', weights: [1], means: [[0]] } }, 'problem.data'],
  ['both spreads', { process: ve, data: { ...mixture, covariances: [[[1]], [[1]]] } }, 'problem.data'],
  [
    'covariance of the wrong size',
    { process: ve, data: { ...gaussian, covariance: [[1]] } },
    'problem.data.covariance',
  ],
  [
    'asymmetric',
    {
      process: ve,
      data: {
        ...gaussian,
        covariance: [
          [1, 0.5],
          [0, 1],
        ],
      },
    },
    'problem.data.covariance[0][1]',
  ],
  [
    'indefinite',
    {
      process: ve,
      data: {
        ...gaussian,
        covariance: [
          [1, 2],
          [2, 1],
        ],
      },
    },
    'problem.data.covariance',
  ],
  [
    'a rotation that is none',
    {
      process: ve,
      data: {
        kind: 'product',
        marginals: [
          { weights: [1], means: [0], stds: [1] },
          { weights: [1], means: [0], stds: [1] },
        ],
        rotation: [
          [1, 1],
          [0, 1],
        ],
      },
    },
    'problem.data.rotation',
  ],
  [
    'empty points',
    { process: ve, data: { kind: 'empirical', points: [], bandwidth: 1 } },
    'problem.data.points',
  ],
  [
    'ragged points',
    { process: ve, data: { kind: 'empirical', points: [[1], [1, 2]], bandwidth: 1 } },
    'problem.data.points[1]',
  ],
  [
    'negative bandwidth',
    { process: ve, data: { kind: 'empirical', points: [[1]], bandwidth: -1 } },
    'problem.data.bandwidth',
  ],
  ['no points', { process: ve, data: { kind: 'empirical', bandwidth: 1 } }, 'problem.data'],
  [
    'a sphere without thickness',
    { process: ve, data: { ...radial, thicknesses: [0] } },
    'problem.data.thicknesses[0]',
  ],
  ['a negative radius', { process: ve, data: { ...radial, radii: [-1] } }, 'problem.data.radii[0]'],
  ['two radii for one weight', { process: ve, data: { ...radial, radii: [1, 2] } }, 'problem.data.radii'],
  [
    'a centre of another dimension',
    { process: ve, data: { ...radial, centre: [0, 0] } },
    'problem.data.centre',
  ],
  ['half a dimension', { process: ve, data: { ...radial, dimension: 1.5 } }, 'problem.data.dimension'],
  ['an unknown key of radial data', { process: ve, data: { ...radial, radius: 1 } }, 'problem.data.radius'],
  ['a density that grows', formula('exp(x^2)'), 'problem.data.density'],
  ['a density that does not fall off', formula('1'), 'problem.data.density'],
  ['a density without a second moment', formula('1 / (1 + x^4)'), 'problem.data.density'],
  ['a negative density', formula('exp(-x^2) (x + 1)'), 'problem.data.density'],
  ['a density that is nowhere positive', formula('0 * x'), 'problem.data.density'],
  ['a density next to zero', formula('1e-300 exp(-x^2)'), 'problem.data.density'],
  ['a density with a pole', formula('exp(-x^2) / abs(x)'), 'problem.data.density'],
  ['a density that is not a number', formula('exp(-x^2) sqrt(x)'), 'problem.data.density'],
  ['a density in three coordinates', formula('exp(-x1^2 - x2^2 - x3^2)'), 'problem.data.density'],
  ['two densities', formula('[exp(-x^2), exp(-x^2)]'), 'problem.data.density'],
  ['a density in the plane with jumps', formula('x1^2 + x2^2 < 1 ? 1 : 0'), 'problem.data.density'],
  [
    'a box of another dimension',
    formula('exp(-x^2)', [
      [-1, 1],
      [-1, 1],
    ]),
    'problem.data.box',
  ],
  ['a box the wrong way round', formula('exp(-x^2)', [[1, -1]]), 'problem.data.box[0]'],
  ['a formula that imports', formula('import("fs")'), 'problem.data.density'],
  ['a drift that is not a number', custom('-x / t', '1'), 'problem.process.drift'],
  ['a drift with two coordinates', custom('-x1 + x2', '1'), 'problem.process.drift'],
  ['a sigma of x', custom('-x', 'x'), 'problem.process.sigma'],
  ['a negative sigma', custom('-x', 't - 1'), 'problem.process.sigma'],
  ['no noise', custom('-x', '0', 1), 'problem.process.sigma'],
  ['a time beyond a pole', custom('-x / (1 - t)', '1', 2), 'problem.process.maximumTime'],
  ['a time beyond a pole of the tangent', custom('x * tan(t)', '1', 3), 'problem.process.maximumTime'],
  ['a time beyond a pole of sigma', custom('-x', '1 / (1 - t)', 2), 'problem.process.maximumTime'],
  ['a drift that is too strong', custom('-x', '1', 1000), 'problem.process.maximumTime'],
  [
    'an unknown key of a custom process',
    { process: { kind: 'custom', drift: '-x', sigma: '1', beta: 1 }, data: mixture },
    'problem.process.beta',
  ],
  [
    'betaMax below betaMin',
    { process: { kind: 'vp', betaMin: 3, betaMax: 1 }, data: mixture },
    'problem.process.betaMax',
  ],
  [
    'a formula with an assignment',
    { process: ve, data: { kind: 'expression', score: 'x = 1' } },
    'problem.data.score',
  ],
]

describe('a problem file', () => {
  it.each(malformed)('with %s is refused by name in one sentence', (_what, value, place) => {
    let error: unknown
    try {
      parseProblem(value)
    } catch (thrown) {
      error = thrown
    }
    expect(error).toBeInstanceOf(InputError)
    const { message } = error as InputError
    expect(message).toContain(place)
    expect(message).not.toMatch(/\n/)
    expect(message.endsWith('.')).toBe(true)
  })

  it('has a JSON schema', () => {
    const schema = z.toJSONSchema(problemSchema, { io: 'input' })
    expect(schema.type).toBe('object')
    expect(Object.keys(schema.properties ?? {})).toEqual(['process', 'data'])
  })
})
