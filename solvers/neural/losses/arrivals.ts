import type { Random } from '../../../src/random/random.ts'

/** φ uniform in [0, θ). */
export function uniformArrival(theta: number, random: Random): number {
  return theta * random.uniform()
}

// share of the batch at φ = θ, as in MeanFlow (arXiv:2505.13447)
const DIAGONAL = 0.75

/** φ = θ for three quarters of the points, where a sample of the noise gives the velocity, else uniform in [0, θ). */
export function mostlyDiagonalArrival(theta: number, random: Random): number {
  return random.uniform() < DIAGONAL ? theta : uniformArrival(theta, random)
}
