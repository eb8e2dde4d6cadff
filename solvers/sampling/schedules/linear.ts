import type { Schedule } from './schedule.ts'

/** t in equal steps. */
export const linear: Schedule = (u, { from, to }) => from + u * (to - from)
