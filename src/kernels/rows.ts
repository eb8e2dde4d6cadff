/** Rows that go through a kernel at a time; even. */
const BLOCK = 512

/** The part of a kernel's memory that rows of x go into and results come out of, a block at a time. */
export class RowBlocks {
  /** Bytes it takes. */
  static bytes(dimension: number): number {
    return 16 * BLOCK * dimension
  }

  readonly #dimension: number
  readonly #x: Float64Array
  readonly #out: Float64Array

  constructor(memory: WebAssembly.Memory, at: number, dimension: number) {
    this.#dimension = dimension
    this.#x = new Float64Array(memory.buffer, at, BLOCK * dimension)
    this.#out = new Float64Array(memory.buffer, at + 8 * BLOCK * dimension, BLOCK * dimension)
  }

  /**
   * Runs the kernel on the values from … to − 1 of x, whole rows, and puts what comes out to the same places of out.
   * The kernel works on pairs of rows: an odd row is paired with a copy of itself.
   */
  run(
    x: Float64Array,
    out: Float64Array,
    from: number,
    to: number,
    kernel: (x: number, out: number, rows: number) => void,
  ): void {
    const d = this.#dimension
    for (let first = from; first < to; first += BLOCK * d) {
      const length = Math.min(BLOCK * d, to - first)
      const rows = length / d
      for (let i = 0; i < length; i++) this.#x[i] = x[first + i]
      if (rows % 2 === 1) this.#x.copyWithin(length, length - d, length)
      kernel(this.#x.byteOffset, this.#out.byteOffset, rows + (rows % 2))
      for (let i = 0; i < length; i++) out[first + i] = this.#out[i]
    }
  }
}

/** Of a pair of rows: the even ones have the first lane of every pair of numbers, the odd ones the second. */
export type Lane = 0 | 1

/** Writes values into one lane of the pairs from `at` on. */
export function loadLane(pairs: Float64Array, at: number, lane: Lane, values: Float64Array): void {
  for (let i = 0, to = at + lane; i < values.length; i++, to += 2) pairs[to] = values[i]
}
