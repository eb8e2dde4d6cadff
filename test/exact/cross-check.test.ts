import { describe, expect, it } from 'vitest'
import { createProblem } from '../../src/create/create-problem.ts'
import { crossChecked } from '../../src/exact/cross-check.ts'
import { exact, exactSolution } from '../../src/exact/exact.ts'
import type { ExactSolution } from '../../src/exact/solution.ts'
import { rowMajor } from '../../src/points/points.ts'
import { sampleNoised } from '../../src/problem/evaluate.ts'
import { Random } from '../../src/random/random.ts'
import type { ProblemSpec } from '../../src/specification/problem.ts'

const data: Record<string, ProblemSpec['data']> = {
  shells: {
    kind: 'radial',
    dimension: 3,
    weights: [0.5, 0.3, 0.2],
    radii: [0, 2, 5],
    thicknesses: [0.3, 0.1, 0.05],
  },
  'a formula': { kind: 'formula', density: 'exp(-x^4 / 4 + x^2) + 0.01 exp(-(x - 9)^2)' },
  'a formula with an end': { kind: 'formula', density: 'x > 1 ? (x - 1)^2 exp(-2 (x - 1)) : 0' },
  'a formula with a gap': { kind: 'formula', density: 'abs(x) > 1 ? exp(-x^2) : 0' },
}

describe.each(Object.entries(data))('exact on %s', (_, one) => {
  const problem = createProblem({ process: { kind: 've' }, data: one })
  const { density } = problem
  const solution = exactSolution(density) as ExactSolution

  it('agrees with characteristics at times small and large', async () => {
    const map = await exact().solveVe(density, { time: 80, seed: 0 })
    for (const t of [1e-3, 0.1, 1, 80]) {
      const x = rowMajor(sampleNoised(problem, t, 20, new Random(1)))
      expect(map.evaluate(t, x)).toEqual(solution.evaluate(t, x))
    }
    // nothing is known so far out, and nothing is compared
    expect(() => map.evaluate(0.5, new Float64Array(density.dimension).fill(60))).not.toThrow()
  })

  it('does not give a value that characteristics do not', () => {
    const wrong = crossChecked(density, {
      ...solution,
      evaluate: (t, x) => solution.evaluate(t, x).map((value) => value + 1e-4),
    })
    const x = rowMajor(sampleNoised(problem, 1, 20, new Random(1)))
    expect(() => wrong(1, x)).toThrow(
      /^f\(1, .* by the distribution function and .* along the characteristic/,
    )
  })
})
