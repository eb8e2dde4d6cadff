/** A kernel that does a part of its work: it gets the number of the part and of all parts, then its arguments. */
type Shared = (part: number, parts: number, ...rest: number[]) => void

/** The exported functions of the WebAssembly module; src/kernels/assembly says what each computes. */
export interface Kernels {
  readonly scratchBytes: () => number
  readonly prepare: (scratch: number, blas: number, thread: number) => void
  readonly begin: () => void
  readonly open: (ticket: number, job: number, parts: number) => void
  readonly claim: (ticket: number, job: number) => number
  readonly total: (count: number, x: number) => number
  readonly weightedSquares: (n: number, columns: number, r: number, weights: number, scales: number) => number
  readonly stackPack: (transpose: number, task: number) => void
  readonly orthogonalFactor: (n: number, line: number, a: number, q: number, work: number) => void
  readonly gemm: Shared
  readonly gemmSums: Shared
  readonly addUp: Shared
  readonly denseForward: Shared
  readonly denseBackward: Shared
  readonly columnSums: Shared
  readonly filmForward: Shared
  readonly filmBackward: Shared
  readonly additiveForward: Shared
  readonly additiveBackward: Shared
  readonly stackForward: Shared
  readonly stackBackward: Shared
  readonly stackGradients: Shared
  readonly skipForward: Shared
  readonly skipBackward: Shared
  readonly weightedSquaresBackward: Shared
  readonly unary: Shared
  readonly binary: Shared
  readonly adamStep: Shared
  readonly adamDirection: Shared
  readonly blend: Shared
}

/** Kernels whose parts threads share, in the order of their numbers. */
export const sharedKernels = [
  'gemm',
  'gemmSums',
  'addUp',
  'denseForward',
  'denseBackward',
  'columnSums',
  'filmForward',
  'filmBackward',
  'additiveForward',
  'additiveBackward',
  'stackForward',
  'stackBackward',
  'stackGradients',
  'skipForward',
  'skipBackward',
  'weightedSquaresBackward',
  'unary',
  'binary',
  'adamStep',
  'adamDirection',
  'blend',
] as const

export type SharedKernel = (typeof sharedKernels)[number]
