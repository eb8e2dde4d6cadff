import type { NetworkProgram, Place } from '../../kernels/network.ts'

/** A network as a program of float64 layers, and where its inputs and its output stand. */
export interface NetworkSteps extends NetworkProgram {
  readonly y: Place
  readonly features: Place
  readonly output: Place
}

/** The values of parameters by name. */
export type Weights = (name: string) => Float32Array
