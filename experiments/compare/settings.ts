/** How much work `compare` does. Quick is the same code with smaller numbers. */
export interface CompareSettings {
  /** Trajectories of the error estimate, and intervals in θ along each. */
  readonly trajectories: number
  readonly intervals: number
  /** Plain one-step samples for figures and the distance of distributions. */
  readonly samples: number
  /** Nodes an axis of the error map. */
  readonly mapNodes: number
  /** Points of the error-against-work ladders. */
  readonly ladderPoints: number
  readonly forwardMapNodes: number
  readonly eulerianNodes: number
  readonly networks: NetworkSettings
  readonly ladders: LadderSettings
}

export interface NetworkSettings {
  readonly width: number
  readonly layers: number
  readonly batch: number
  readonly pinnSteps: number
  readonly cdSteps: number
  readonly ctSteps: number
  /** Time intervals N of CD and CT. */
  readonly cdIntervals: number
  readonly ctIntervals: number
}

export interface LadderSettings {
  readonly characteristics: readonly number[]
  readonly forwardMap: readonly number[]
  readonly eulerian: readonly number[]
  readonly samplers: readonly number[]
}

export const full: CompareSettings = {
  trajectories: 16_384,
  intervals: 64,
  samples: 4096,
  mapNodes: 72,
  ladderPoints: 1000,
  forwardMapNodes: 72,
  eulerianNodes: 65,
  networks: {
    width: 64,
    layers: 4,
    batch: 512,
    pinnSteps: 4000,
    cdSteps: 4000,
    ctSteps: 4000,
    cdIntervals: 64,
    ctIntervals: 64,
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
  ladderPoints: 200,
  forwardMapNodes: 56,
  eulerianNodes: 33,
  networks: {
    ...full.networks,
    width: 32,
    layers: 3,
    batch: 256,
    pinnSteps: 600,
    cdSteps: 600,
    ctSteps: 600,
  },
  ladders: {
    characteristics: [1e-2, 1e-4, 1e-6, 1e-8],
    forwardMap: [16, 32, 48],
    eulerian: [17, 25, 33],
    samplers: [2, 4, 8, 16],
  },
}
