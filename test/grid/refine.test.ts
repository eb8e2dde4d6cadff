import { describe, expect, it } from 'vitest'
import { startingBox } from '../../solvers/grid/forward-map/patch.ts'
import { probes } from '../../solvers/grid/forward-map/probes.ts'
import { makePart, type Piece, piecesAt, tableFrom } from '../../solvers/grid/forward-map/table.ts'
import { toleranceShare } from '../../solvers/grid/forward-map/tolerance-share.ts'
import { type ForwardMap, forwardMap } from '../../solvers/grid/index.ts'
import { createProblem } from '../../src/create/create-problem.ts'
import type { Progress } from '../../src/progress.ts'
import { referenceCase } from '../support/problems.ts'

describe('the share of the characteristics in the error of a table', () => {
  function shareOf(name: string, nodes: number, rtol: number) {
    const { problem, t } = referenceCase(name)
    const { density } = problem
    const { low, high } = startingBox(density, t)
    const theta = Math.atan2(t, density.moments.scale)
    const exact = probes(density, t, 1e-13, 1, 256)
    const part = makePart(density, { chart: null, low, high, modes: [], reach: Infinity }, nodes, rtol)
    const [piece] = piecesAt(part, Float64Array.of(theta))
    const probed = exact.images[0] as Float64Array
    const found = probed.slice()
    const owners = new Int32Array(exact.counted.length)
    tableFrom(part.carrier, theta, [piece as Piece]).invert(found, owners)
    // what was traced is no matter of the nodes
    const distances = exact.distances(found).map((distance, row) => (owners[row] < 0 ? 0 : distance))
    const { distance, functionEvaluations } = toleranceShare(
      density,
      exact,
      { piece: piece as Piece, theta, found, distances, probed },
      rtol,
    )
    expect(functionEvaluations).toBeGreaterThan(0)
    return distance / exact.error(distances)
  }

  it.each([
    ['mixture-1d-t5', 401, 1e-5],
    ['mixture-2d-t10', 96, 1e-4],
  ])('is most of it where they are loose: %s', (name, nodes, rtol) => {
    const share = shareOf(name, nodes, rtol)
    expect(share).toBeGreaterThan(0.5)
    expect(share).toBeLessThan(2)
  })

  it.each([
    ['mixture-1d-t5', 41, 1e-11],
    ['mixture-2d-t10', 24, 1e-9],
  ])('is next to nothing where the nodes are few: %s', (name, nodes, rtol) => {
    expect(shareOf(name, nodes, rtol)).toBeLessThan(0.01)
  })
})

it('tightens the tolerance rather than adding nodes where that is what the error is made of', async () => {
  const { density } = createProblem({
    process: { kind: 've' },
    data: { kind: 'mixture', weights: [0.5, 0.5], means: [-1000, 1000], stds: [0.01, 0.01] },
  })
  const labels: string[] = []
  const onProgress = ({ done, total, label }: Progress) => {
    expect(total).toBeGreaterThan(done)
    labels.push(label ?? '')
  }
  const run = { time: 10, seed: 0, onProgress }
  const map = (await forwardMap({ tolerance: 1e-9 }).solveVe(density, run)) as ForwardMap
  expect(map.diagnostics.error?.reached).toBe(true)
  // more nodes have not helped: the last two passes have the same
  const passes = labels.filter((label) => label.includes('error'))
  const counts = passes.map((label) => Number(label.split(' ')[0]))
  expect(counts.length).toBeGreaterThan(1)
  expect(counts.at(-1)).toBe(counts.at(-2))
  // what takes long is said before it is done, the first pass too
  expect(labels[0]).toBe('trajectories to measure by')
  expect(labels[1]).toMatch(/^carries \d+ nodes an axis, patch 1 of 2$/)
})

describe('probes of densities that are no mixtures', () => {
  it.each([
    [
      'a peak of 1.6e-3 of a formula',
      { kind: 'formula', density: 'exp(-x^2/2) + 1e-2*exp(-((x-3)/0.014)^2)' },
      3,
      0.03,
    ],
    [
      'a shell of 1e-3',
      { kind: 'radial', dimension: 2, weights: [0.999, 0.001], radii: [1, 9], thicknesses: [0.1, 0.02] },
      9,
      0.07,
    ],
  ] as const)('count one by one in %s', (_, data, at, near) => {
    const { density } = createProblem({ process: { kind: 've' }, data })
    const { starts, counted, error, times } = probes(density, 5, 1e-6, 3, 256)
    expect(times).toHaveLength(3)
    expect(times[2]).toBe(5)
    for (const time of [0.3, 0.7, 1.1, 7.3, 11])
      expect(probes(density, time, 1e-6, 3, 64).times[2]).toBe(time)
    const { mean, scale } = density.moments
    const d = density.dimension
    const rare = counted.map((_, row) => {
      const x = Array.from({ length: d }, (_, i) => mean[i] + scale * starts[row * d + i])
      return Math.abs(Math.hypot(...x) - at) < near
    })
    expect(rare.filter((is, row) => is && counted[row]).length).toBeGreaterThan(3)
    // an error there is the error
    expect(error(Float64Array.from(rare, Number))).toBe(1)
  })
})
