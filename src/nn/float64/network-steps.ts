import type { BufferColumn, NetworkProgram } from '../../kernels/network.ts'

/** A network as a program of float64 layers, and where its inputs and its output stand. */
export interface NetworkSteps extends NetworkProgram {
  readonly y: BufferColumn
  readonly features: BufferColumn
  readonly output: BufferColumn
}

/** The values of parameters by name. */
export type Weights = (name: string) => Float32Array
