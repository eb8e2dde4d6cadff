/** How much work the experiment does. */
export interface SamplingSettings {
  /** Trajectories of the error of maps (docs/mathematics.md §5), and points of samples whose W₂ to the data is measured. */
  readonly trajectories: number
  readonly samples: number
  /** Steps of the samplers. */
  readonly steps: readonly number[]
  /** Two numbers of steps from which orders are taken. */
  readonly orderSteps: readonly [number, number]
  /** Points on the line, and K, of consistency sampling. */
  readonly linePoints: number
  readonly rounds: readonly number[]
  /** Steps of the small network. */
  readonly training: number
}

export const full: SamplingSettings = {
  trajectories: 8000,
  samples: 20_000,
  steps: [4, 6, 8, 12, 16, 24, 32, 64, 128],
  orderSteps: [128, 256],
  linePoints: 10_000,
  rounds: [1, 2, 3, 4, 6, 10],
  training: 1500,
}

export const quick: SamplingSettings = {
  trajectories: 1000,
  samples: 4000,
  steps: [4, 8, 16, 32],
  orderSteps: [64, 128],
  linePoints: 3000,
  rounds: [1, 2, 4, 8],
  training: 300,
}

/** Three modes in the plane, on which samplers are compared. */
export const plane = {
  time: 10,
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
} as const

/** Two modes without a thin layer between them, for orders. */
export const smooth = {
  time: 10,
  /** The last time before 0, far from it: the order is that of the steps above. */
  sigmaMin: 0.3,
  problem: {
    process: { kind: 've' },
    data: { kind: 'mixture', weights: [0.5, 0.5], means: [-1.5, 1.5], stds: [0.8, 0.8] },
  },
} as const

/** Two modes of unequal mass on the line, as in `coupling`: what consistency training gets wrong there is known exactly. */
export const line = {
  time: 10,
  problem: {
    process: { kind: 've' },
    data: { kind: 'mixture', weights: [0.7, 0.3], means: [-0.6, 1.4], stds: [0.25, 0.25] },
  },
} as const
