import type { Random } from '../../src/random/random.ts'
import type { Increments } from './schemes.ts'

/**
 * Brownian motion of many values, step by step. A step may be put together from finer ones: then the same seed gives the
 * same path whatever the number of steps is, as long as steps times parts stays.
 */
export class Brownian implements Increments {
  readonly single: Float64Array
  readonly double: Float64Array
  readonly #random: Random

  constructor(length: number, random: Random) {
    this.single = new Float64Array(length)
    this.double = new Float64Array(length)
    this.#random = random
  }

  /** The next step, of length Σ parts: I₁ = Σ ΔB_j, I₁₀ = Σ (B_j h_j + ½h_j (ΔB_j + ΔZ_j/√3)) (Kloeden & Platen, eq. 10.4.3). */
  next(parts: readonly number[]): void {
    const { single, double } = this
    single.fill(0)
    double.fill(0)
    for (const h of parts) {
      const root = Math.sqrt(h)
      for (let i = 0; i < single.length; i++) {
        const change = root * this.#random.normal()
        const other = root * this.#random.normal()
        double[i] += h * single[i] + (h / 2) * (change + other / Math.sqrt(3))
        single[i] += change
      }
    }
  }
}
