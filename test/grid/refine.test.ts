import { describe, expect, it } from 'vitest'
import { startingBox } from '../../solvers/grid/forward-map/box.ts'
import { probes } from '../../solvers/grid/forward-map/probes.ts'
import { tableCarrier, tableFrom } from '../../solvers/grid/forward-map/table.ts'
import { toleranceShare } from '../../solvers/grid/forward-map/tolerance-share.ts'
import { type ForwardMap, forwardMap } from '../../solvers/grid/index.ts'
import { nodeCoordinates, uniformGrid } from '../../solvers/grid/uniform-grid.ts'
import { createProblem } from '../../src/problem/create.ts'
import { Random } from '../../src/random/random.ts'
import { referenceCase } from '../support/problems.ts'

describe('the share of the characteristics in the error of a table', () => {
  function shareOf(name: string, nodes: number, rtol: number) {
    const { problem, t } = referenceCase(name)
    const { density } = problem
    const { low, high } = startingBox(density, t)
    const grid = uniformGrid(low, high, nodes)
    const theta = Math.atan2(t, density.moments.scale)
    const exact = probes(density, t, 1e-13, 1, 256)
    const carrier = tableCarrier(density, rtol)
    const images = carrier.carry(Float64Array.of(0, theta), nodeCoordinates(grid))[1] as Float64Array
    const probed = exact.images[0] as Float64Array
    const found = probed.slice()
    tableFrom(carrier, grid, theta, images).invert(found)
    const { distance, functionEvaluations } = toleranceShare(
      density,
      exact,
      { grid, theta, images, found, probed },
      rtol,
    )
    expect(functionEvaluations).toBeGreaterThan(0)
    return distance / exact.error(found)
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
  const random = Random.stream(121, 'refine')
  const means = Array.from({ length: 5 }, () => -3 + 6 * random.uniform())
  const { density } = createProblem({
    process: { kind: 've' },
    data: { kind: 'mixture', weights: means.map(() => 0.2), means, stds: means.map(() => 0.03) },
  })
  const labels: string[] = []
  const onProgress = ({ label }: { label?: string }) => labels.push(label ?? '')
  const map = (await forwardMap().solveVe(density, { time: 20, seed: 0, onProgress })) as ForwardMap
  const { error, nodes, rtol } = map.diagnostics
  expect(error?.reached).toBe(true)
  // the last two passes have the same nodes
  const counts = labels.map((label) => Number(label.split(' ')[0]))
  expect(counts.at(-1)).toBe(nodes)
  expect(counts.at(-2)).toBe(nodes)
  expect(rtol).toBeLessThan(8e-10)
})
