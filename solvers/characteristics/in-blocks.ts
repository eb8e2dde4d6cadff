import type { VeAttempt } from '../../src/attempt.ts'
import type { Density } from '../../src/problem/density.ts'
import { gather, scatter, similarBlocks } from './blocks.ts'
import { type Failure, type Failures, rowReport } from './failures.ts'
import { fusedMixture } from './fused.ts'
import type { RungeKuttaOptions } from './options.ts'

/** Moves every row of x by blocks of similar rows: `move` changes a block in place and says which rows did not arrive. */
export function inBlocks(
  x: Float64Array,
  density: Density,
  { coordinates, stepSize }: Required<RungeKuttaOptions>,
  move: (block: Float64Array) => Failures,
): VeAttempt {
  const values = x.slice()
  const failures = new Map<number, Failure>()
  const { dimension: d, moments } = density
  const fused = coordinates === 'comoving' && fusedMixture(density) !== undefined
  const { order, starts } = similarBlocks(x, d, moments, stepSize, fused)
  let block = new Float64Array(0)
  for (let k = 0; k + 1 < starts.length; k++) {
    const [from, to] = [starts[k], starts[k + 1]]
    if (block.length !== (to - from) * d) block = new Float64Array((to - from) * d)
    gather(x, d, order, from, to, block)
    for (const [row, failure] of move(block)) {
      failures.set(order[from + row], failure)
      block.fill(Number.NaN, row * d, (row + 1) * d)
    }
    scatter(block, d, order, from, to, values)
  }
  return { values, ...rowReport(x.length / d, failures) }
}
