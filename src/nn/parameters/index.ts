import { additiveParameters } from './additive.ts'
import { filmParameters } from './film.ts'
import { mlpParameters } from './mlp.ts'
import type { NetworkSize, Parameter } from './parameter.ts'

const kinds = { mlp: mlpParameters, film: filmParameters }

export type ArchitectureKind = keyof typeof kinds

/** The names of the architectures. */
export const architectureKinds = Object.keys(kinds) as ArchitectureKind[]

/** The parameters of the network of an architecture, in its order; no tensors are needed for it. */
export function parametersOf(architecture: NetworkSize & { readonly kind: ArchitectureKind }): Parameter[] {
  const own = kinds[architecture.kind](architecture)
  return architecture.units ? [...own, ...additiveParameters(architecture)] : own
}
