import { type BackendName, useBackend } from '../../src/backend/index.ts'

const hasTensorflow = await useBackend('tensorflow').then(
  () => true,
  () => false,
)

/** The backends of this machine: tensorflow too where it is installed. */
export const available: readonly BackendName[] = hasTensorflow
  ? ['cpu', 'simd', 'tensorflow']
  : ['cpu', 'simd']
