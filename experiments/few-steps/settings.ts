import { plane as threeModes } from '../sampling/settings.ts'

/** How much work the experiment does. */
export interface FewStepsSettings {
  /** Numbers of steps K. */
  readonly steps: readonly number[]
  /** Steps of the training of the two-time map, and of consistency training. */
  readonly training: number
  readonly width: number
  /** Test trajectories. */
  readonly trajectories: number
  /** Equal intervals of the angle θ from whose ends the best times are chosen, and the trajectories by which. */
  readonly mesh: number
  readonly chosenBy: number
  /** Points on the line for consistency sampling. */
  readonly linePoints: number
}

export const full: FewStepsSettings = {
  steps: [1, 2, 3, 4, 5, 6, 7, 8],
  training: 1500,
  width: 64,
  trajectories: 3000,
  mesh: 32,
  chosenBy: 400,
  linePoints: 4000,
}

export const quick: FewStepsSettings = {
  steps: [1, 2, 4, 8],
  training: 300,
  width: 32,
  trajectories: 500,
  mesh: 16,
  chosenBy: 100,
  linePoints: 1000,
}

/** The standard deviation of every mode: with one for all the Lipschitz constant of the flow has an explicit bound. */
export const STD = 0.3

const { time, problem } = threeModes

/** The three modes of `sampling`, all as wide. */
export const plane = {
  time,
  problem: { ...problem, data: { ...problem.data, stds: [STD, STD, STD] } },
} as const
