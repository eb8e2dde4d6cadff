import { type LossName, lossNames, type TrainingOptions } from '../../solvers/neural/index.ts'
import { type LeagueProblem, leagueProblems } from './problems.ts'

/** A loss whose network is a map. */
export type MapLoss = Exclude<LossName, 'score'>

interface Sample {
  readonly trajectories: number
  readonly intervals: number
}

/** The size of the league. */
export interface LeagueSettings {
  readonly problems: readonly LeagueProblem[]
  readonly losses: readonly MapLoss[]
  /** Seconds of processor time that a training takes on one thread. */
  readonly budgets: readonly number[]
  /** Networks of each loss, problem and budget: seeds from that of the run on. */
  readonly seeds: number
  /** Of all networks; the defaults of each loss and problem where it is empty. */
  readonly training: Pick<TrainingOptions, 'width' | 'layers' | 'batch'>
  /** Test trajectories and their intervals for the certificate, in the plane and in more dimensions. */
  readonly plane: Sample
  readonly space: Sample
  /** One-step samples for W₂. */
  readonly samples: number
  /** Seconds that the longest trial takes at least by which the cost of a step is found. */
  readonly trial: number
  /** The images to which the factor analysers of `digits-196d` are fitted, and the most steps of their fit. */
  readonly images: number
  readonly fitSteps: number
}

const ofMaps = lossNames.filter((name): name is MapLoss => name !== 'score')

/**
 * 15 losses × 7 problems and 8 losses × moons, two seeds: 452 trainings. 18 + 54 seconds for each pair are 4.5 hours of one core, and measuring them half an hour more:
 * two and a half hours on two cores.
 */
export const full: LeagueSettings = {
  problems: leagueProblems,
  losses: ofMaps,
  budgets: [18, 54],
  seeds: 2,
  training: {},
  plane: { trajectories: 2048, intervals: 32 },
  space: { trajectories: 512, intervals: 16 },
  samples: 2048,
  trial: 0.5,
  images: 1000,
  fitSteps: 100,
}

export const quick: LeagueSettings = {
  ...full,
  problems: leagueProblems.filter(({ name }) => ['plane-easy', 'moons', 'flow-matching'].includes(name)),
  budgets: [0.2, 0.6],
  seeds: 1,
  plane: { trajectories: 500, intervals: 16 },
  samples: 512,
  trial: 0.05,
}
