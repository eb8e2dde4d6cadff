import { adam } from './adam.ts'
import type { OptimiserFactory } from './optimiser.ts'
import { soap } from './soap.ts'

export { type AdamOptions, adam } from './adam.ts'
export type { Optimiser, OptimiserFactory, OptimiserState } from './optimiser.ts'
export { type SoapOptions, soap } from './soap.ts'

/** Every optimiser by name, with its default options. */
export const optimisers: Readonly<Record<string, () => OptimiserFactory>> = { adam, soap }
