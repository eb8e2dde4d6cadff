/** What the benchmarks of a training step are told: the network, the batch, and how many steps are timed. */
export const stepOptions = {
  dimension: { type: 'string', default: '2' },
  width: { type: 'string', default: '128' },
  layers: { type: 'string', default: '4' },
  batch: { type: 'string', default: '1024' },
  steps: { type: 'string', default: '100' },
  loss: { type: 'string', default: 'pinn' },
  // matrix products of simd by a BLAS of this computer
  blas: { type: 'boolean', default: false },
} as const
