import type { TableauName } from '../../src/characteristics/index.ts'

/** How much work `convergence` does. Quick is the same code with smaller numbers. */
export interface ConvergenceSettings {
  /** Trajectories of the errors of solvers, and runs of each of which the fastest counts. */
  readonly trajectories: number
  readonly repeats: number
  readonly tableaux: readonly TableauName[]
  readonly samplerSteps: readonly number[]
  /** Nodes an axis of upwind and WENO5, and of the forward-map grid, on the line and in the plane. */
  readonly nodes: readonly [readonly number[], readonly number[]]
  readonly forwardMapNodes: readonly [readonly number[], readonly number[]]
  readonly networks: NetworkSettings
}

/** What is varied, one at a time, and what holds otherwise. */
export interface NetworkSettings {
  readonly trajectories: number
  readonly batch: number
  readonly rate: number
  /** Training steps, units a layer and N where they are not varied. */
  readonly steps: number
  readonly width: number
  readonly intervals: number
  /** N of the discrete losses. */
  readonly eachIntervals: readonly number[]
  readonly eachSteps: readonly number[]
  readonly eachWidth: readonly number[]
  /** Dimensions of rotated products, with fewer steps of wider networks. */
  readonly eachDimension: readonly number[]
  readonly dimensionSteps: number
  readonly dimensionWidth: number
}

export const full: ConvergenceSettings = {
  trajectories: 4000,
  repeats: 3,
  tableaux: ['bosh3', 'tsit5', 'dopri5', 'dopri8', 'verner9', 'feagin10'],
  samplerSteps: [16, 32, 64, 128, 256],
  nodes: [
    [51, 101, 201, 401, 801, 1601],
    [25, 49, 97],
  ],
  forwardMapNodes: [
    [21, 41, 81, 161],
    [16, 24, 32, 48, 64],
  ],
  networks: {
    trajectories: 2000,
    batch: 512,
    rate: 3e-3,
    steps: 2000,
    width: 32,
    intervals: 64,
    eachIntervals: [4, 8, 16, 32],
    eachSteps: [125, 250, 500, 1000, 2000, 4000],
    eachWidth: [4, 8, 16, 32, 64],
    eachDimension: [2, 4, 8, 16, 32],
    dimensionSteps: 300,
    dimensionWidth: 64,
  },
}

export const quick: ConvergenceSettings = {
  trajectories: 500,
  repeats: 2,
  tableaux: ['dopri5', 'dopri8'],
  samplerSteps: [16, 32, 64],
  nodes: [
    [51, 101, 201, 401],
    [25, 49],
  ],
  forwardMapNodes: [
    [21, 41, 81],
    [16, 24, 32],
  ],
  networks: {
    trajectories: 400,
    batch: 256,
    rate: 5e-3,
    steps: 250,
    width: 16,
    intervals: 32,
    eachIntervals: [4, 16],
    eachSteps: [50, 250],
    eachWidth: [4, 16],
    eachDimension: [2, 8],
    dimensionSteps: 80,
    dimensionWidth: 32,
  },
}
