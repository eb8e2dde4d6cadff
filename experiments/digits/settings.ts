import type { LossName } from '../../solvers/neural/index.ts'
import type { LawName } from './laws.ts'

/** The size of the experiment. */
export interface DigitsSettings {
  readonly images: number
  readonly side: 14 | 28
  readonly law: LawName
  /** The most steps of the fit of factor analysers. */
  readonly fitSteps: number
  readonly networks: readonly { readonly loss: LossName; readonly steps: number }[]
  /** Seconds of each training in place of its steps. */
  readonly seconds?: number
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
  law: 'memorising',
  fitSteps: 100,
  networks: [
    { loss: 'pinn', steps: 300 },
    { loss: 'cd', steps: 300 },
    { loss: 'ct', steps: 800 },
    { loss: 'direct', steps: 300 },
  ],
  batch: 128,
  seeds: 1,
  trajectories: 96,
  intervals: 16,
}

export const quick: DigitsSettings = {
  images: 300,
  side: 14,
  law: 'memorising',
  fitSteps: 20,
  networks: [
    { loss: 'pinn', steps: 80 },
    { loss: 'cd', steps: 80 },
    { loss: 'ct', steps: 160 },
    { loss: 'direct', steps: 80 },
  ],
  batch: 64,
  seeds: 1,
  trajectories: 64,
  intervals: 8,
}
