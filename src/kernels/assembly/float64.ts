// The float64 kernels of densities: one module, of which every density has an instance with its own memory.
export { respond } from './kernel-density'
export { mixture } from './mixture'
export { product } from './product'
