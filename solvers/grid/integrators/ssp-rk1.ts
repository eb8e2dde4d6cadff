import type { Integrator } from './integrator.ts'

/** Forward Euler. */
export const sspRk1: Integrator = { name: 'ssp-rk1', order: 1, a: [[]], b: [1], c: [0] }
