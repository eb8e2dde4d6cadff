import type { LossName } from '../../solvers/neural/index.ts'

/** The size of the experiment. */
export interface DigitsSettings {
  readonly images: number
  readonly side: 14 | 28
  readonly networks: readonly { readonly loss: LossName; readonly steps: number }[]
  readonly batch: number
  /** Networks of each loss. */
  readonly seeds: number
  /** Test trajectories, and their intervals for the certificate. */
  readonly trajectories: number
  readonly intervals: number
}

export const full: DigitsSettings = {
  images: 1000,
  side: 28,
  networks: [
    { loss: 'pinn', steps: 300 },
    { loss: 'cd', steps: 300 },
    { loss: 'ct', steps: 800 },
  ],
  batch: 128,
  seeds: 1,
  trajectories: 96,
  intervals: 16,
}

export const quick: DigitsSettings = {
  images: 300,
  side: 14,
  networks: [
    { loss: 'pinn', steps: 80 },
    { loss: 'cd', steps: 80 },
    { loss: 'ct', steps: 160 },
  ],
  batch: 64,
  seeds: 1,
  trajectories: 64,
  intervals: 8,
}
