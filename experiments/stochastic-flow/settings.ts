/** How much work the experiment does. */
export interface StochasticFlowSettings {
  readonly training: {
    readonly steps: number
    readonly batch: number
    readonly rate: number
  }
  /** Points of p_t at which F and G Gᵀ are compared, at each of the times. */
  readonly points: number
  /** Times, in units of the data scale c. */
  readonly times: readonly number[]
  /** Points of a sample whose W₂ to the data is measured, and the numbers of steps K. */
  readonly samples: number
  readonly steps: readonly number[]
}

export const full: StochasticFlowSettings = {
  training: { steps: 9000, batch: 2048, rate: 1e-2 },
  points: 8000,
  times: [0.1, 0.2, 0.35, 0.5, 0.7, 1, 2, 5],
  samples: 20_000,
  steps: [1, 2, 4, 8, 16, 32, 64],
}

export const quick: StochasticFlowSettings = {
  training: { steps: 500, batch: 512, rate: 1e-2 },
  points: 2000,
  times: [0.1, 0.5, 2],
  samples: 4000,
  steps: [1, 2, 4, 8, 16],
}

/** Three modes in the plane, near enough for the layers between them to be learned in minutes. */
export const defaultProblem = {
  process: { kind: 've' },
  data: {
    kind: 'mixture',
    weights: [0.5, 0.3, 0.2],
    means: [
      [-1, 0],
      [1, 1],
      [1, -1],
    ],
    stds: [0.5, 0.5, 0.4],
  },
} as const
export const DEFAULT_TIME = 10
