import { ancestral } from './ancestral.ts'
import { dpm2m, dpm3m } from './dpm-solver.ts'
import { euler, heun } from './runge-kutta.ts'
import type { SamplingScheme } from './scheme.ts'

export type { SamplingScheme } from './scheme.ts'

/** Every K-step sampler there is, by name. */
export const samplingSchemes = {
  euler,
  heun,
  'dpm-2m': dpm2m,
  'dpm-3m': dpm3m,
  ancestral,
} satisfies Record<string, SamplingScheme>

export type SamplerName = keyof typeof samplingSchemes

export const samplerNames = Object.keys(samplingSchemes) as SamplerName[]
