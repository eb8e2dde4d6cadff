import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus'
import type { JumpableRandomGenerator } from 'pure-rand/types/JumpableRandomGenerator'

/** What a generator needs to go on where it stopped, as JSON. */
export interface RandomState {
  readonly generator: readonly number[]
  readonly spare: number | null
}

/**
 * Seeded random numbers (xoroshiro128+ by pure-rand): the same seed gives the same numbers on every machine.
 *
 * @example const random = new Random(7); random.normal()
 */
export class Random {
  #generator: JumpableRandomGenerator
  // the second of a pair of normals, kept for the next call
  #spare: number | null = null

  constructor(seed: number) {
    // a generator started from a small seed gives values near 1 first: start from four scrambled words
    this.#generator = xoroshiro128plusFromState(
      [1, 2, 3, 4].map((k) => scramble(seed + Math.imul(k, 0x9e3779b9))),
    )
  }

  /** A generator of its own for one purpose: streams of different labels or seeds do not overlap in practice. */
  static stream(seed: number, label: string): Random {
    // FNV-1a over the text; the seed is in it, so it must not enter the start too, where 1^'1' = 2^'2'
    let hash = 0x811c9dc5
    for (const character of `${seed}/${label}`)
      hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193)
    return new Random(hash)
  }

  static fromState(state: RandomState): Random {
    const random = new Random(0)
    random.#generator = xoroshiro128plusFromState(state.generator)
    random.#spare = state.spare
    return random
  }

  state(): RandomState {
    return { generator: [...this.#generator.getState()], spare: this.#spare }
  }

  /** Uniform in [0, 1), 53 bits. */
  uniform(): number {
    return uniformFloat64(this.#generator)
  }

  /** Uniform integer in [0, below). */
  integer(below: number): number {
    return Math.floor(this.uniform() * below)
  }

  /** Standard normal, by the Box–Muller transform. */
  normal(): number {
    if (this.#spare !== null) {
      const value = this.#spare
      this.#spare = null
      return value
    }
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()))
    const angle = 2 * Math.PI * this.uniform()
    this.#spare = radius * Math.sin(angle)
    return radius * Math.cos(angle)
  }

  /** Index i with probability weights[i], for weights that add up to 1, from their cumulative sums. */
  categorical(cumulative: Float64Array): number {
    const u = this.uniform() * (cumulative.at(-1) ?? 1)
    let low = 0
    let high = cumulative.length - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if (u < (cumulative[middle] as number)) high = middle
      else low = middle + 1
    }
    return low
  }
}

/** A bijection of 32-bit words that spreads every bit (the finaliser of MurmurHash3, Appleby). */
function scramble(word: number): number {
  let h = word | 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}

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
