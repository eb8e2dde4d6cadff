import type { Architecture, Parameter } from '../network.ts'
import { additiveParameters } from './additive.ts'
import { filmParameters } from './film.ts'
import { mlpParameters } from './mlp.ts'

const kinds = { mlp: mlpParameters, film: filmParameters }

export type ArchitectureKind = keyof typeof kinds

/** The names of the architectures. */
export const architectureKinds = Object.keys(kinds) as ArchitectureKind[]

/** The parameters of the network of an architecture, in its order; no tensors are needed for it. */
export function parametersOf(architecture: Architecture): Parameter[] {
  const own = kinds[architecture.kind](architecture)
  return architecture.units ? [...own, ...additiveParameters(architecture)] : own
}
