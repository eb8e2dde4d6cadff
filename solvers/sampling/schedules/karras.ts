import type { Schedule } from './schedule.ts'

const RHO = 7

/** t^{1/ρ} in equal steps, ρ = 7: Karras et al. 2022 (arXiv:2206.00364), eq. 5. */
export const karras: Schedule = (u, { from, to }) =>
  (from ** (1 / RHO) + u * (to ** (1 / RHO) - from ** (1 / RHO))) ** RHO
