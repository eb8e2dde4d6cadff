import { createMethod } from '../../solvers/method-specification.ts'
import { isFlat } from '../../src/characteristics/segments.ts'
import type { Problem } from '../../src/problem/problem.ts'
import type { SteppedSolver } from '../../src/studies/index.ts'
import { steppedCharacteristics } from '../../src/studies/stepped-characteristics.ts'
import type { ConvergenceSettings } from './settings.ts'

/** The solvers with a fixed step: characteristics, grids (in one and two dimensions) and samplers. */
export function steppedSolvers(
  { density, dimension }: Problem,
  { tableaux, samplerSteps, nodes, forwardMapNodes }: ConvergenceSettings,
): SteppedSolver[] {
  const samplers: SteppedSolver[] = (['euler', 'heun'] as const).map((solver, i) => ({
    name: `sampler:${solver}`,
    order: i + 1,
    counts: samplerSteps,
    method: (steps) => createMethod({ kind: 'sampler', solver, steps }),
  }))
  const characteristics = isFlat(density) ? [] : tableaux.map((name) => steppedCharacteristics(name))
  if (dimension > 2) return [...characteristics, ...samplers]
  const counts = nodes[dimension - 1]
  const eulerian = (scheme: 'upwind' | 'weno5', order: number): SteppedSolver => ({
    name: `grid:${scheme}`,
    order,
    counts,
    // time steps of order 3 keep up with space of order 5 when Δθ ∝ h^{5/3}
    method: (count) =>
      createMethod({
        kind: 'grid',
        scheme,
        nodes: count,
        cfl: scheme === 'weno5' ? 0.9 * ((counts[0] - 1) / (count - 1)) ** (2 / 3) : 0.9,
      }),
  })
  return [
    ...characteristics,
    eulerian('upwind', 1),
    eulerian('weno5', 5),
    {
      name: 'grid:forward-map',
      order: 6,
      counts: forwardMapNodes[dimension - 1],
      // the error of the characteristics below that of the nodes
      method: (nodes) => createMethod({ kind: 'grid', nodes, rtol: 1e-12 }),
    },
    ...samplers,
  ]
}
