import type { Random } from './random.ts'

/**
 * Labels k by systematic sampling, in ascending order: label k has probability shares[k] at a random place, and comes
 * ⌊n shares[k]⌋ or ⌈n shares[k]⌉ times (Madow 1949; Cochran, Sampling Techniques, §8).
 *
 * @param shares add up to 1
 */
export function systematic(shares: Float64Array, count: number, random: Random): Int32Array {
  const labels = new Int32Array(count)
  const offset = random.uniform()
  const last = shares.findLastIndex((share) => share > 0)
  let k = 0
  let sum = shares[0]
  for (let i = 0; i < count; i++) {
    const u = (i + offset) / count
    // rounding may leave the sum of all below the last u
    while (u >= sum && k < last) sum += shares[++k]
    labels[i] = k
  }
  return labels
}

/** Puts values into a random order, in place (Fisher–Yates). Returns them. */
export function shuffle(values: Int32Array, random: Random): Int32Array {
  for (let i = values.length - 1; i > 0; i--) {
    const j = random.integer(i + 1)
    ;[values[i], values[j]] = [values[j], values[i]]
  }
  return values
}
