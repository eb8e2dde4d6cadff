import type { ProcessChoice } from './process.ts'

/** One Gaussian of the data: its weight (any unit: weights are normalised), mean and standard deviation. */
export interface Mode {
  readonly weight: number
  readonly mean: number
  readonly std: number
}

/** A point of the (t, x) plane from which a trajectory is drawn, as the process has time and place. */
export interface Launch {
  readonly time: number
  readonly x: number
}

/** What is drawn: the true map, or what a loss converges to with unlimited data and network. */
export const methods = {
  exact: 'Exact',
  'cd-euler': 'CD, Euler steps',
  'cd-heun': 'CD, Heun steps',
  ct: 'CT, squared norm',
  'ct-l1': 'CT, norm (L¹)',
} as const

export type MethodName = keyof typeof methods
export const methodNames = Object.keys(methods) as MethodName[]

/** Everything the page shows is a function of this. */
export interface State {
  readonly process: ProcessChoice
  readonly modes: readonly Mode[]
  /** T, a time of the process. */
  readonly time: number
  readonly method: MethodName
  /** N, a power of two. */
  readonly intervals: number
  readonly launches: readonly Launch[]
}

export const limits = {
  weight: [0.05, 1],
  mean: [-3, 3],
  std: [0.1, 1],
  /** exponents of N */
  exponent: [2, 8],
  modes: [1, 3],
  launches: [0, 8],
} as const

/** Two modes of unequal mass, on which a median is far from a mean. */
export const defaultState: State = {
  process: { kind: 've' },
  modes: [
    { weight: 0.7, mean: -0.6, std: 0.25 },
    { weight: 0.3, mean: 1.4, std: 0.25 },
  ],
  time: 10,
  method: 'exact',
  intervals: 64,
  launches: [],
}
