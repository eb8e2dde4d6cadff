import type { TableauName } from '../../solvers/characteristics/index.ts'
import { isFlat } from '../../solvers/characteristics/legs.ts'
import { gridMethod } from '../../solvers/grid/index.ts'
import { sampler } from '../../solvers/sampling/index.ts'
import type { Problem } from '../../src/problem/problem.ts'
import type { Progress } from '../../src/progress.ts'
import {
  type ConvergenceResults,
  convergenceTest,
  type SteppedSolver,
  steppedCharacteristics,
} from '../../src/studies/index.ts'

export interface ConvergenceRun {
  readonly problem: Problem
  readonly time: number
  readonly seed: number
  readonly quick: boolean
  readonly onProgress?: (progress: Progress) => void
  readonly signal?: AbortSignal
}

/** The order table of the solvers with a fixed step: characteristics, grids (in one and two dimensions) and samplers. */
export function convergence({ quick, problem, ...options }: ConvergenceRun): Promise<ConvergenceResults> {
  return convergenceTest(solvers(problem, quick), problem, { ...options, trajectories: quick ? 500 : 4000 })
}

function solvers({ density, dimension }: Problem, quick: boolean): SteppedSolver[] {
  const samplers: SteppedSolver[] = (['euler', 'heun'] as const).map((solver, i) => ({
    name: `sampler:${solver}`,
    order: i + 1,
    counts: quick ? [16, 32, 64] : [16, 32, 64, 128, 256],
    method: (steps) => sampler({ solver, steps }),
  }))
  const names: readonly TableauName[] = quick
    ? ['dopri5', 'dopri8']
    : ['bosh3', 'tsit5', 'dopri5', 'dopri8', 'verner9', 'feagin10']
  const characteristics = isFlat(density) ? [] : names.map((name) => steppedCharacteristics(name))
  if (dimension > 2) return [...characteristics, ...samplers]
  const line = dimension === 1
  const coarse = line ? 51 : 25
  const nodes = (most: number) => Array.from({ length: most }, (_, k) => (coarse - 1) * 2 ** k + 1)
  const eulerian = (scheme: 'upwind' | 'weno5', order: number): SteppedSolver => ({
    name: `grid:${scheme}`,
    order,
    counts: nodes(line ? (quick ? 4 : 5) : quick ? 2 : 3),
    // time steps of order 3 keep up with space of order 5 when Δθ ∝ h^{5/3}
    method: (count) =>
      gridMethod({
        scheme,
        nodes: count,
        cfl: scheme === 'weno5' ? 0.9 * ((coarse - 1) / (count - 1)) ** (2 / 3) : 0.9,
      }),
  })
  return [
    ...characteristics,
    eulerian('upwind', 1),
    eulerian('weno5', 5),
    {
      name: 'grid:forward-map',
      order: 6,
      counts: (line ? [21, 41, 81, 161] : [16, 24, 32, 48, 64]).slice(0, quick ? 3 : undefined),
      method: (count) => gridMethod({ scheme: 'forward-map', nodes: count }),
    },
    ...samplers,
  ]
}
