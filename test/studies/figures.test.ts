import { expect, it } from 'vitest'
import {
  certificateFigure,
  certify,
  createProblem,
  exact,
  gaussianBaseline,
  InputError,
  mapFigure,
  type Points,
  parseProblem,
  pointsToRows,
  solve,
  standardise,
  trainingFigure,
  trainModel,
  trajectoriesFigure,
} from '../../src/index.ts'

const data = { kind: 'mixture', weights: [0.3, 0.7], means: [-2, 1], stds: [0.5, 0.6] } as const
const line = createProblem({ process: { kind: 've' }, data })
const flow = createProblem({ process: { kind: 'flowMatching' }, data })
const gaussian = createProblem({
  process: { kind: 'flowMatching' },
  data: {
    kind: 'gaussian',
    mean: [3, -1],
    covariance: [
      [4, 0],
      [0, 4],
    ],
  },
})

it('trajectories are drawn in coordinates in which those of Gaussian data stand still', () => {
  const { svg } = trajectoriesFigure(gaussian, { time: 0.9, count: 7, seed: 2 })
  const paths = Array.from(svg.matchAll(/<path [^>]*d="(M[\d.,LM-]+)"/g), ([, d]) =>
    d
      .split(/[ML]/)
      .filter(Boolean)
      .map((place) => place.split(',').map(Number)),
  ).filter((path) => path.length > 30)
  expect(paths).toHaveLength(7)
  for (const path of paths)
    for (const [x, y] of path) {
      expect(x).toBeCloseTo(path[0][0], 1)
      expect(y).toBeCloseTo(path[0][1], 1)
    }
})

it('trajectories start from noise alone where a process ends in it, the same for the same seed', () => {
  const draw = (seed: number) => trajectoriesFigure(flow, { time: 1, seed }).svg
  expect(draw(1)).toBe(draw(1))
  expect(draw(1)).not.toBe(draw(2))
})

it('a drift that is not linear is refused by the trajectories', () => {
  const law = parseProblem({
    process: { kind: 'custom', drift: 'x - x^3', sigma: '1', maximumTime: 1 },
    data: { kind: 'gaussian', mean: [0], covariance: [[1]] },
  })
  expect(() => trajectoriesFigure(law, { time: 1 })).toThrow(InputError)
})

it('a map is drawn at the places that were asked for, in the time of its process', async () => {
  const seen: number[] = []
  const { svg, name } = await mapFigure(
    flow,
    {
      truth: await solve(flow, exact(), { time: 1 }),
      mine: (t, X) => {
        seen.push(t, ...pointsToRows(X).flat())
        return pointsToRows(X).map(([x]) => [2 * x])
      },
    },
    { time: 1, x: [-2, 6] },
  )
  expect([seen[0], seen[1], seen.at(-1)]).toEqual([1, -2, 6])
  expect(name).toBe('map')
  for (const label of ['truth', 'mine']) expect(svg).toContain(label)
})

it('a map is drawn over three deviations of the noise unless places are given', async () => {
  const seen: number[] = []
  const identity = (_: number, X: Points) => {
    seen.push(...pointsToRows(X).flat())
    return X
  }
  await mapFigure(line, { identity }, { time: 10 })
  const { mean, scale } = line.density.moments
  expect(seen[0]).toBeCloseTo(mean[0] - 3 * Math.hypot(10, scale), 10)
  expect(seen.at(-1)).toBeCloseTo(mean[0] + 3 * Math.hypot(10, scale), 10)
})

it.each<[string, Parameters<typeof mapFigure>]>([
  ['data in the plane', [gaussian, { x: (_, X) => X }, { time: 1 }]],
  ['ends that fall', [line, { x: (_, X) => X }, { time: 1, x: [2, 1] }]],
  ['no map', [line, {}, { time: 1 }]],
])('maps are refused: %s', async (_, args) => {
  await expect(mapFigure(...args)).rejects.toThrow(InputError)
})

it('networks are drawn by their names, with what was measured', async () => {
  const trained = await trainModel(line, {
    loss: 'pinn',
    time: 10,
    steps: 20,
    batch: 32,
    width: 8,
    layers: 2,
  })
  const training = trainingFigure({ mine: trained, 'no errors': { ...trained, monitor: null } }).svg
  for (const label of ['mine', 'no errors', 'relative error at T']) expect(training).toContain(label)
  expect(trainingFigure({ bare: { ...trained, monitor: null } }).svg).not.toContain('relative error at T')
  const f = await solve(line, gaussianBaseline(), { time: 10 })
  const bound = await certify(f, line, { time: 10, samples: 200 })
  expect(certificateFigure({ 'the Gaussian map': bound }).svg).toContain(
    `the Gaussian map: certificate ${bound.estimate.toPrecision(3)}`,
  )
})

it('columns are standardised, whatever their unit', () => {
  const rows = [
    [1e-200, 7],
    [3e-200, 8],
    [5e-200, 12],
  ]
  const { rows: standard, mean, standardDeviation } = standardise(rows)
  for (const j of [0, 1]) {
    const column = standard.map((row) => row[j])
    expect(column.reduce((a, b) => a + b)).toBeCloseTo(0, 14)
    expect(column.reduce((sum, x) => sum + x * x, 0) / 3).toBeCloseTo(1, 14)
    for (const [i, row] of rows.entries())
      expect((mean[j] + standardDeviation[j] * standard[i][j]) / row[j]).toBeCloseTo(1, 14)
  }
  expect(() =>
    standardise([
      [1, 2],
      [1, 3],
    ]),
  ).toThrow('column 1')
  expect(() => standardise([[1]])).toThrow('at least two')
})
