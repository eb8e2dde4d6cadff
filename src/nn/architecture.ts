import type { ArchitectureKind } from './parameters/index.ts'
import type { NetworkSize } from './parameters/parameter.ts'

/** What a network is made of, as plain data: it goes into model files. */
export interface Architecture extends NetworkSize {
  readonly kind: ArchitectureKind
}
