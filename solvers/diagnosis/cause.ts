import type { Explained, Observed } from './observed.ts'

/** What may be wrong with a map: see docs/guide/diagnose.md. */
export const causeNames = [
  'identity',
  'collapse',
  'steps',
  'viscosity',
  'median',
  'time-scale',
  'shifted-twice',
  'float16',
] as const

export type CauseName = (typeof causeNames)[number]

/** Values that a cause would have given in the place of the map's. */
export interface Prediction {
  /** n·d values at each of the observed times. */
  readonly values: readonly Float64Array[]
  /** The variance of each value, where it is an average of samples. */
  readonly variance?: readonly Float64Array[]
}

/** A cause with one number that is to be found: one map for each value of it. */
export interface Family {
  readonly cause: CauseName
  /** What of the cause this is, such as the solver and its schedule; empty where there is one only. */
  readonly variant: string
  /** Values of the number to try, rising; one where there is none to find. */
  readonly ladder: readonly number[]
  /** Whether it counts something. */
  readonly whole: boolean
  /** Whether the error falls along the ladder, so that its end need not be looked at. */
  readonly falls: boolean
  /** Whether its maps are f with the layers between modes smeared, as those of networks are that were not trained for long. */
  readonly smears: boolean
  /** null where the problem has no such map at that value. */
  predict(parameter: number): Prediction | null | Promise<Prediction | null>
}

/** The families of a cause that a problem allows, or why there are none. */
export type MakeFamilies = (observed: Observed) => readonly Family[] | string

/** The best that one cause can say of an error. */
export interface CauseFit extends Explained {
  readonly cause: CauseName
  /** What of the cause it is, such as the solver and its times; empty where there is one only. */
  readonly variant: string
  /** The number of steps or of times N, the factor of time; null where there is none. */
  readonly parameter: number | null
  /** The share of the squared error that it has to explain to be named. */
  readonly needed: number
}
