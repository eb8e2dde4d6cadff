import type { Architecture } from '../architecture.ts'
import type { Network } from '../network.ts'
import type { ArchitectureKind } from '../parameters/index.ts'
import { withAdditivePart } from './additive.ts'
import { film } from './film.ts'
import { mlp } from './mlp.ts'

export { type ArchitectureKind, architectureKinds } from '../parameters/index.ts'

const kinds = { mlp, film } satisfies Record<ArchitectureKind, (architecture: Architecture) => Network>

/** The network of an architecture. */
export function createNetwork(architecture: Architecture): Network {
  const network = kinds[architecture.kind](architecture)
  return architecture.units ? withAdditivePart(network) : network
}
