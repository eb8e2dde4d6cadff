/** The size of the experiment. */
export interface HighDimensionalSettings {
  /** Steps of training and test trajectories for each dimension. */
  readonly dimensions: readonly {
    readonly dimension: number
    readonly steps: number
    readonly trajectories: number
  }[]
  /** Networks of each kind and dimension. */
  readonly seeds: number
  /** Error against steps in the last dimension: shares of its steps. */
  readonly ladder: readonly number[]
}

export const full: HighDimensionalSettings = {
  dimensions: [
    { dimension: 2, steps: 1000, trajectories: 4096 },
    { dimension: 8, steps: 1000, trajectories: 4096 },
    { dimension: 32, steps: 1000, trajectories: 4096 },
    { dimension: 128, steps: 1000, trajectories: 2048 },
    { dimension: 512, steps: 400, trajectories: 1024 },
    { dimension: 1000, steps: 300, trajectories: 512 },
  ],
  seeds: 1,
  ladder: [0.1, 0.3],
}

export const quick: HighDimensionalSettings = {
  dimensions: [
    { dimension: 2, steps: 80, trajectories: 512 },
    { dimension: 8, steps: 80, trajectories: 512 },
    { dimension: 32, steps: 80, trajectories: 512 },
  ],
  seeds: 1,
  ladder: [0.3],
}
