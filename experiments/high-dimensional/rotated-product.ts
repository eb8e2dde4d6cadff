import { createProblem } from '../../src/create/create-problem.ts'
import { orthogonalFactor } from '../../src/nn/optimisers/orthogonal-factor.ts'
import type { Problem } from '../../src/problem/problem.ts'
import { Random } from '../../src/random/random.ts'

// marginals: one to three components, means of deviation 1.5, standard deviations from 0.3 to 0.8
const MOST_COMPONENTS = 3
const SPREAD = 1.5
const STDS = [0.3, 0.8] as const

/**
 * A product of d random 1-D mixtures in a random rotation (docs/mathematics.md §3), VE: not Gaussian, and with an exact consistency
 * function in any dimension. The same seed gives the same problem.
 */
export function rotatedProduct(dimension: number, seed: number): Problem {
  const random = Random.stream(seed, `rotated product ${dimension}`)
  const marginals = Array.from({ length: dimension }, () => {
    const count = 1 + random.integer(MOST_COMPONENTS)
    const shares = Array.from({ length: count }, () => -Math.log(1 - random.uniform()))
    const total = shares.reduce((sum, share) => sum + share, 0)
    return {
      weights: shares.map((share) => share / total),
      means: shares.map(() => SPREAD * random.normal()),
      stds: shares.map(() => STDS[0] + (STDS[1] - STDS[0]) * random.uniform()),
    }
  })
  const gaussian = Float64Array.from({ length: dimension * dimension }, () => random.normal())
  const q = orthogonalFactor(gaussian, dimension)
  const rotation = Array.from({ length: dimension }, (_, i) =>
    Array.from(q.subarray(i * dimension, (i + 1) * dimension)),
  )
  return createProblem({ process: { kind: 've' }, data: { kind: 'product', marginals, rotation } })
}
