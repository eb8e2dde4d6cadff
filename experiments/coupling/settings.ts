/** How much work `coupling` does. Quick is the same code with smaller numbers. */
export interface CouplingSettings {
  /** The N of the fixed points. */
  readonly intervals: readonly number[]
  /** The largest N of the pseudo-Huber fixed point, the dearest. */
  readonly mostHuber: number
  /** The largest N of the modified equation. */
  readonly mostModified: number
  /** Trajectories of the error estimate. */
  readonly trajectories: number
  /** Pairs of the joint law. */
  readonly pairs: number
  /** The N of the trained networks. */
  readonly trained: readonly number[]
  /** The N of the network trained with the norm in place of its square; none where null. */
  readonly trainedNorm: number | null
  readonly training: Training
  /** In the plane: the N, nodes an axis of the grids, cells a side of the drawn maps, and the N of trained networks. */
  readonly plane: {
    readonly intervals: readonly number[]
    readonly nodes: number
    readonly cells: number
    readonly trained: readonly number[]
    readonly training: Training
  }
}

export interface Training {
  readonly steps: number
  readonly batch: number
  readonly rate: number
}

export const full: CouplingSettings = {
  intervals: [8, 16, 32, 64, 128, 256, 512, 1024],
  mostHuber: 256,
  mostModified: 256,
  trajectories: 4096,
  pairs: 4000,
  trained: [16, 64],
  trainedNorm: 64,
  training: { steps: 12_000, batch: 1024, rate: 3e-3 },
  plane: {
    intervals: [8, 16, 32],
    nodes: 161,
    cells: 72,
    trained: [16],
    training: { steps: 6000, batch: 512, rate: 3e-3 },
  },
}

export const quick: CouplingSettings = {
  intervals: [8, 16, 32, 64],
  mostHuber: 16,
  mostModified: 32,
  trajectories: 1000,
  pairs: 1500,
  trained: [16],
  trainedNorm: null,
  training: { steps: 600, batch: 512, rate: 3e-3 },
  plane: {
    intervals: [8, 16],
    nodes: 49,
    cells: 48,
    trained: [8],
    training: { steps: 400, batch: 256, rate: 3e-3 },
  },
}

/** The fixed points at one N, and nothing trained. */
export function withIntervals(settings: CouplingSettings, intervals: number): CouplingSettings {
  const plane = { ...settings.plane, intervals: [intervals], trained: [] }
  return { ...settings, intervals: [intervals], trained: [], trainedNorm: null, plane }
}
