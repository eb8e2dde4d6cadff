export { type SamplerOptions, sampler } from './sampler.ts'
