import { forward, reverse } from './paths.ts'
import { sdeSchemes } from './schemes.ts'

export type { SdeOptions } from './paths.ts'
export { type SdeSchemeName, sdeSchemes } from './schemes.ts'

/** Paths of the forward and the reverse SDE of a problem (docs/mathematics.md §1.1), and the schemes there are. */
export const sde = { forward, reverse, schemes: sdeSchemes }
