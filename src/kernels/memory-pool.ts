import { ComputationError } from '../errors.ts'

const PAGE = 65536
const ALIGNMENT = 64
/** 4 GB, all that WebAssembly can address; the system is asked for the addresses at once, for the memory when it is used. */
const MOST_PAGES = 65536

/**
 * Blocks of a shared WebAssembly memory. Freed blocks are kept by size class (steps of an eighth of a power of two) and given out
 * again, so that a training loop stops growing after its first step.
 */
export class MemoryPool {
  readonly memory: WebAssembly.Memory
  readonly #free = new Map<number, number[]>()
  readonly #sizes = new Map<number, number>()
  #next = ALIGNMENT
  #end: number

  constructor(initialBytes = 1 << 24) {
    const initial = Math.ceil(initialBytes / PAGE)
    this.memory = withAddresses(() => new WebAssembly.Memory({ initial, maximum: MOST_PAGES, shared: true }))
    this.#end = initial * PAGE
  }

  /** Bytes ever taken from the memory; constant in a steady loop. */
  get highWater(): number {
    return this.#next
  }

  /** The address of a block of at least this many bytes, aligned to 64. Its contents are whatever was there. */
  allocate(bytes: number): number {
    const size = sizeClass(bytes)
    const address = this.#free.get(size)?.pop() ?? this.#extend(size)
    this.#sizes.set(address, size)
    return address
  }

  free(address: number): void {
    const size = this.#sizes.get(address)
    if (size === undefined) throw new ComputationError(`The block at ${address} is not in use.`)
    this.#sizes.delete(address)
    const blocks = this.#free.get(size)
    if (blocks) blocks.push(address)
    else this.#free.set(size, [address])
  }

  view(address: number, length: number): Float32Array {
    return new Float32Array(this.memory.buffer, address, length)
  }

  /** The same memory as 32-bit words. */
  words(address: number, length: number): Int32Array {
    return new Int32Array(this.memory.buffer, address, length)
  }

  #extend(size: number): number {
    const address = this.#next
    if (address + size > this.#end) this.#grow(address + size)
    this.#next = address + size
    return address
  }

  #grow(needed: number): void {
    const pages = Math.ceil((Math.max(needed, this.#end * 1.25) - this.#end) / PAGE)
    try {
      this.memory.grow(Math.min(pages, MOST_PAGES - this.#end / PAGE))
    } catch {
      throw new ComputationError(
        `The networks need more than ${Math.round(this.#end / 1e6)} MB: use a smaller batch or width.`,
      )
    }
    this.#end = this.memory.buffer.byteLength
    if (needed > this.#end) {
      throw new ComputationError('The networks need more than 4 GB of memory: use a smaller batch or width.')
    }
  }
}

function sizeClass(bytes: number): number {
  const least = Math.max(bytes, ALIGNMENT)
  const step = Math.max(ALIGNMENT, 2 ** (Math.floor(Math.log2(least)) - 3))
  return Math.ceil(least / step) * step
}

const NONE =
  'The system has no room of addresses for WebAssembly, which asks for some 10 GB of them for every memory and uses little: a limit such as `ulimit -v` must be larger, or Node be started with --disable-wasm-trap-handler.'

/**
 * Makes a WebAssembly memory, or an instance that has one.
 *
 * @throws ComputationError where the system has no room for its addresses
 */
export function withAddresses<T>(make: () => T): T {
  try {
    return make()
  } catch (error) {
    // "could not allocate memory", "Out of memory"
    if (error instanceof RangeError || /memory/i.test(String(error))) throw new ComputationError(NONE)
    throw error
  }
}
