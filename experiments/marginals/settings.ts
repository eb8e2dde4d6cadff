/** How much work the experiment does. */
export interface MarginalSettings {
  /** Points of a sample on the line, and in the plane, where a test takes their square. */
  readonly samples: readonly [number, number]
  readonly steps: number
  /** Times as parts of T. */
  readonly times: readonly number[]
}

export const full: MarginalSettings = { samples: [20_000, 1500], steps: 400, times: [0, 0.1, 0.3, 0.6] }
export const quick: MarginalSettings = { samples: [2000, 600], steps: 200, times: [0.1, 0.4] }

/** What it runs on where no problem is given: a VE problem, a double well and one in the plane. */
export const problems = [
  {
    name: 'two modes under VE',
    time: 4,
    problem: {
      process: { kind: 've' },
      data: { kind: 'mixture', weights: [0.7, 0.3], means: [-1, 1.5], stds: [0.4, 0.3] },
    },
  },
  {
    name: 'drift x − x³ from a Gaussian',
    time: 1.5,
    problem: {
      process: { kind: 'custom', drift: 'x - x^3', sigma: '0.8' },
      data: { kind: 'gaussian', mean: [0.4], covariance: [[0.09]] },
    },
  },
  {
    name: 'three modes in the plane under VE',
    time: 4,
    problem: {
      process: { kind: 've' },
      data: {
        kind: 'mixture',
        weights: [0.5, 0.3, 0.2],
        means: [
          [-1, 0],
          [1, 1],
          [1, -1],
        ],
        stds: [0.3, 0.3, 0.25],
      },
    },
  },
] as const
