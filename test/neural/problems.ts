import { createProblem } from '../../src/problem/create.ts'

/** Two modes in 1-D. */
export const pair = createProblem({
  process: { kind: 've' },
  data: { kind: 'mixture', weights: [0.35, 0.65], means: [-1.2, 1], stds: [0.5, 0.4] },
})

/** Three modes in 2-D. */
export const triple = createProblem({
  process: { kind: 've' },
  data: {
    kind: 'mixture',
    weights: [0.3, 0.3, 0.4],
    means: [
      [-1.5, 0],
      [1, 1],
      [0.5, -1.5],
    ],
    stds: [0.5, 0.6, 0.5],
  },
})

/** A correlated Gaussian in 2-D, which every method must map exactly. */
export const normal = createProblem({
  process: { kind: 've' },
  data: {
    kind: 'gaussian',
    mean: [1, -1],
    covariance: [
      [1.5, 0.4],
      [0.4, 0.6],
    ],
  },
})
