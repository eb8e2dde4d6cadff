/** How much work `compare` does. Quick is the same code with smaller numbers. */
export interface CompareSettings {
  /** Trajectories of the error estimate, and intervals in θ along each. */
  readonly trajectories: number
  readonly intervals: number
  /** Plain one-step samples for figures and the distance of distributions. */
  readonly samples: number
  /** Nodes an axis of the error maps, and times that have one. */
  readonly mapNodes: number
  readonly mapTimes: number
  /** Points of the error-against-work ladders. */
  readonly ladderPoints: number
  readonly forwardMapNodes: number
  readonly eulerianNodes: number
  /** Seeds that every network is trained with, from the run's own seed on. */
  readonly seeds: number
  readonly networks: NetworkSettings
  readonly ladders: LadderSettings
}

export interface NetworkSettings {
  readonly width: number
  readonly layers: number
  readonly batch: number
  /** Of training, for each network in place of its steps. */
  readonly seconds?: number
  readonly pinn: LossSettings
  readonly cd: LossSettings
  readonly ct: LossSettings
}

export interface LossSettings {
  readonly steps: number
  /** Time intervals N of the discrete losses. */
  readonly intervals?: number
  /** The largest learning rate, where the default is not the best. */
  readonly rate?: number
}

interface LadderSettings {
  readonly characteristics: readonly number[]
  readonly forwardMap: readonly number[]
  readonly eulerian: readonly number[]
  readonly samplers: readonly number[]
}

export const full: CompareSettings = {
  trajectories: 16_384,
  intervals: 64,
  samples: 4096,
  mapNodes: 60,
  mapTimes: 6,
  ladderPoints: 1000,
  forwardMapNodes: 72,
  eulerianNodes: 65,
  seeds: 2,
  networks: {
    width: 64,
    layers: 4,
    batch: 512,
    // two seeds of these take most of the time of a comparison
    pinn: { steps: 6000 },
    cd: { steps: 6000, intervals: 64 },
    ct: { steps: 9000, intervals: 128 },
  },
  ladders: {
    characteristics: [1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8],
    forwardMap: [16, 24, 32, 48, 64, 80],
    eulerian: [25, 33, 49, 65, 97],
    samplers: [2, 4, 8, 16, 32, 64],
  },
}

export const quick: CompareSettings = {
  trajectories: 2048,
  intervals: 32,
  samples: 1024,
  mapNodes: 32,
  mapTimes: 5,
  ladderPoints: 200,
  forwardMapNodes: 56,
  eulerianNodes: 33,
  seeds: 1,
  networks: {
    ...full.networks,
    batch: 256,
    pinn: { steps: 1500 },
    cd: { steps: 1500, intervals: 64 },
    // short runs want the larger rate
    ct: { steps: 2000, intervals: 128, rate: 3e-3 },
  },
  ladders: {
    characteristics: [1e-2, 1e-4, 1e-6, 1e-8],
    forwardMap: [16, 32, 48],
    eulerian: [17, 25, 33],
    samplers: [2, 4, 8, 16],
  },
}
