import { ComputationError } from '../errors.ts'

/** Where a system BLAS may be, by platform: OpenBLAS, MKL, Accelerate, any other with the C interface. */
const candidates: Readonly<Record<string, readonly string[]>> = {
  linux: ['libopenblas.so.0', 'libmkl_rt.so.2', 'libblis.so.4', 'libcblas.so.3'],
  darwin: ['/System/Library/Frameworks/Accelerate.framework/Accelerate', 'libopenblas.dylib'],
  win32: ['libopenblas.dll', 'mkl_rt.2.dll'],
}
// Every thread of ours calls it by itself, so it gets one of its own.
const limits = ['openblas_set_num_threads', 'MKL_Set_Num_Threads', 'bli_thread_set_num_threads']

/** The arguments of cblas_sgemm; addresses go as numbers. */
export const sgemmTypes = [
  ...['int', 'int', 'int', 'int', 'int', 'int', 'float', 'uintptr_t', 'int', 'uintptr_t', 'int'],
  ...['float', 'uintptr_t', 'int'],
]

/** What the kernels import: transpositions, sizes, address and line of A, B and C, and whether C is added to. */
type Sgemm = (...values: number[]) => void

/** A system BLAS on the kernels' memory; the helping threads open it by these names. */
export interface Blas {
  readonly library: string
  /** The file of the package that calls native functions. */
  readonly koffi: string
  /** Where the kernels' memory starts in this process. */
  readonly base: number
  readonly sgemm: Sgemm
}

type NativeFunction = (...values: number[]) => unknown

interface Koffi {
  load(library: string): { func(name: string, result: string, types: readonly string[]): NativeFunction }
  address(array: Float32Array): bigint
}

/**
 * Opens a BLAS of this computer for cblas_sgemm on the kernels' memory.
 *
 * @throws ComputationError where none is found, or the optional package koffi is missing
 */
export async function openBlas(memory: WebAssembly.Memory): Promise<Blas> {
  if (typeof process === 'undefined' || !process.versions?.node) {
    throw new ComputationError('A system BLAS is for Node only: leave out the option blas.')
  }
  const { createRequire } = await import('node:module')
  const require = createRequire(import.meta.url)
  let path: string
  let koffi: Koffi
  try {
    path = require.resolve('koffi')
    koffi = require(path)
  } catch {
    throw new ComputationError('A system BLAS needs the package koffi: install it with `npm install koffi`.')
  }
  const names = candidates[process.platform] ?? []
  for (const library of names) {
    const sgemm = open(koffi, library)
    if (sgemm === null) continue
    // User addresses have 47 bits: a number holds them exactly.
    const base = Number(koffi.address(new Float32Array(memory.buffer)))
    return { library, koffi: path, base, sgemm: (...values) => onMemory(sgemm, base, values) }
  }
  throw new ComputationError(
    `No BLAS is installed (looked for ${names.join(', ')}): install OpenBLAS, or leave out the option blas.`,
  )
}

function open(koffi: Koffi, library: string): NativeFunction | null {
  try {
    const native = koffi.load(library)
    for (const name of limits) {
      try {
        native.func(name, 'void', ['int'])(1)
        break
      } catch {
        // another library's function
      }
    }
    return native.func('cblas_sgemm', 'void', sgemmTypes)
  } catch {
    return null
  }
}

/** Row-major (101), plain (111) or transposed (112); addresses arrive with a sign. */
function onMemory(sgemm: NativeFunction, base: number, values: number[]): void {
  const [transposeA, transposeB, rows, columns, depth, a, lineA, b, lineB, c, lineC, add] = values
  const places = [base + (a >>> 0), lineA, base + (b >>> 0), lineB, add, base + (c >>> 0), lineC]
  sgemm(101, 111 + transposeA, 111 + transposeB, rows, columns, depth, 1, ...places)
}
