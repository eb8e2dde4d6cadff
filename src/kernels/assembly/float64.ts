// The float64 kernels of densities: one module, of which every density has an instance with its own memory.
export { accept, combine, free, size, slope, step } from './flow/step'
export { respond } from './kernel-density'
export { mixture } from './mixture'
export { gate, layer } from './network'
export { product } from './product'
