/** A kernel that threads share: it gets the number of its thread and of all threads, then its arguments. */
type Shared = (thread: number, threads: number, ...rest: number[]) => void

/** The exported functions of the WebAssembly module; src/kernels/assembly says what each computes. */
export interface Kernels {
  readonly scratchBytes: () => number
  readonly total: (count: number, x: number) => number
  readonly orthogonalFactor: (n: number, line: number, a: number, q: number, work: number) => void
  readonly gemm: Shared
  readonly denseForward: Shared
  readonly denseBackward: Shared
  readonly columnSums: Shared
  readonly filmForward: Shared
  readonly filmBackward: Shared
  readonly unary: Shared
  readonly binary: Shared
  readonly adamStep: Shared
  readonly adamDirection: Shared
  readonly blend: Shared
}

/** Kernels that threads share, in the order of their numbers. */
export const sharedKernels = [
  'gemm',
  'denseForward',
  'denseBackward',
  'columnSums',
  'filmForward',
  'filmBackward',
  'unary',
  'binary',
  'adamStep',
  'adamDirection',
  'blend',
] as const

export type SharedKernel = (typeof sharedKernels)[number]
