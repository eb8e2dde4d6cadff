import type { Schedule } from './schedule.ts'

/** λ = −log t in equal steps: the uniform logSNR of Lu et al. 2022 (arXiv:2206.00927), section 3.3. */
export const log: Schedule = (u, { from, to }) => from * (to / from) ** u
