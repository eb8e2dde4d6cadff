import type { Architecture, Network } from '../network.ts'
import { film } from './film.ts'
import { mlp } from './mlp.ts'

const kinds = { mlp, film }

export type ArchitectureKind = keyof typeof kinds

/** The names of the architectures. */
export const architectureKinds = Object.keys(kinds) as ArchitectureKind[]

/** The network of an architecture. */
export function createNetwork(architecture: Architecture): Network {
  return kinds[architecture.kind](architecture)
}
