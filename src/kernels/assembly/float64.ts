// The float64 kernels of densities, networks and grids: one module, of which each has an instance with its own memory.

export { factors } from './factors'
export { accept, combine, free, size, slope, step } from './flow/step'
export { addMoments } from './gauss-tree/expansion'
export { respondTree } from './gauss-tree/search'
export { respond } from './kernel-density'
export { mixture } from './mixture'
export { curve, gate, layer } from './network'
export { product } from './product'
export { nodeDistance } from './table/nearest'
export { invertTable, newtonFrom, prepareTable } from './table/table'
export { addStages, transport } from './transport'
