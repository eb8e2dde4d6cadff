import { createMethod } from '../../solvers/method-specification.ts'
import type { CarriedSample } from '../../src/metrics/carried-sample.ts'
import type { Problem } from '../../src/problem/problem.ts'
import { solve } from '../../src/solve.ts'

interface Sampled {
  readonly problem: Problem
  /** T of the problem's own process. */
  readonly time: number
  readonly seed: number
  readonly sample: CarriedSample
}

/** The map of the Gaussian with the moments of the data on a sample: what made it, and its n·d values at T, as of the VE problem. */
export async function baselineOn({ problem, time, seed, sample }: Sampled) {
  const f = await solve(problem, await createMethod({ kind: 'gaussian' }), { time, seed })
  const last = sample.positions.length - 1
  return { info: f.info, values: f.ve.evaluate(sample.times[last], sample.positions[last]) }
}
