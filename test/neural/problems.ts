import { createProblem } from '../../src/create/create-problem.ts'

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

/** A training of a second, by which a score is only roughly right. */
export const briefTraining = {
  time: 5,
  steps: 150,
  width: 12,
  layers: 2,
  batch: 64,
  rate: 0.02,
  backend: 'simd',
} as const
