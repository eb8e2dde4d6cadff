import type { Schedule } from './schedule.ts'

/**
 * θ = arctan(t/c) in equal steps: the cosine schedule of Nichol & Dhariwal 2021 (arXiv:2102.09672), α = cosθ and σ = sinθ for data of unit
 * variance, as times of the VE process.
 */
export const cosine: Schedule = (u, { from, to, scale }) => {
  const [first, last] = [Math.atan2(from, scale), Math.atan2(to, scale)]
  return scale * Math.tan(first + u * (last - first))
}
