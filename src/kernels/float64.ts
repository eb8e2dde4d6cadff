import { float64 } from './generated/float64-binary.ts'

/** The exports of an instance of the float64 kernels; addresses are in bytes, layouts in src/kernels/assembly. */
export interface Float64Kernels {
  readonly memory: WebAssembly.Memory
  respond(
    centres: number,
    padded: number,
    dimension: number,
    squares: number,
    x: number,
    variances: number,
    out: number,
    rows: number,
    cut: number,
  ): void
  mixture(
    tables: number,
    count: number,
    dimension: number,
    offset: number,
    scratch: number,
    x: number,
    out: number,
    rows: number,
  ): void
  product(
    matrices: number,
    starts: number,
    tables: number,
    total: number,
    dimension: number,
    offset: number,
    scratch: number,
    x: number,
    out: number,
    rows: number,
  ): void
}

const PAGE = 65_536

let compiled: WebAssembly.Module | undefined

/** A new instance with a memory of at least `bytes` bytes. */
export function float64Kernels(bytes: number): Float64Kernels {
  compiled ??= new WebAssembly.Module(Uint8Array.from(atob(float64), (character) => character.charCodeAt(0)))
  const kernels = new WebAssembly.Instance(compiled, { env: { abort } }).exports as unknown as Float64Kernels
  const missing = bytes - kernels.memory.buffer.byteLength
  if (missing > 0) kernels.memory.grow(Math.ceil(missing / PAGE))
  return kernels
}

function abort(): never {
  throw new Error('A float64 kernel aborted.')
}
