import {
  getKernel,
  type KernelFunc,
  type NamedTensorInfoMap,
  registerKernel,
  type TensorInfo,
  unregisterKernel,
} from '@tensorflow/tfjs-core'
import type { SimdBackend } from './simd-backend.ts'

export const SIMD = 'simd'

/** One kernel of the backend: inputs and attributes in, tensors out. */
export type Kernel = (
  inputs: Readonly<Record<string, TensorInfo>>,
  backend: SimdBackend,
  // biome-ignore lint/suspicious/noExplicitAny: every kernel has attributes of its own
  attributes: any,
) => TensorInfo | TensorInfo[] | null

/** Registers kernels of the backend. One that returns null hands the call to the cpu backend's kernel of the same name. */
export function defineKernels(kernels: Readonly<Record<string, Kernel>>): void {
  for (const [kernelName, kernel] of Object.entries(kernels)) {
    if (getKernel(kernelName, SIMD)) unregisterKernel(kernelName, SIMD)
    const plain = getKernel(kernelName, 'cpu')?.kernelFunc
    const kernelFunc: KernelFunc = ({ inputs, attrs, backend }) => {
      const result = kernel(
        inputs as Readonly<Record<string, TensorInfo>>,
        backend as SimdBackend,
        attrs ?? {},
      )
      if (result !== null) return result
      if (plain === undefined) throw new Error(`The kernel ${kernelName} does not take these inputs.`)
      return plain({ inputs: inputs as NamedTensorInfoMap, attrs: attrs ?? {}, backend })
    }
    registerKernel({ kernelName, backendName: SIMD, kernelFunc })
  }
}

/** The number of values of a shape. */
export function sizeOf({ shape }: TensorInfo): number {
  return shape.reduce((product, n) => product * n, 1)
}

export function isFloat(...infos: TensorInfo[]): boolean {
  return infos.every(({ dtype }) => dtype === 'float32')
}

// Into how many parts a kernel's work is split. It depends on the sizes alone, so that bits do not depend on the threads. A part
// takes some tens of microseconds: long beside its hand-over, short beside the step that waits for the last one.

/** Multiplications a part of a matrix product has. */
const PART = 1e6
const MOST = 256

/** Parts of a product of rows × depth by depth × columns, each of at least 48 rows. */
export function productParts(rows: number, columns: number, depth: number): number {
  const work = rows * (depth + 16) * 8 * Math.ceil(columns / 8)
  return even(Math.min(work / PART, rows / 48))
}

/** Parts of a pass over `count` numbers, each of some thousands. */
export function passParts(count: number, each = 16_384): number {
  return even(count / each)
}

/** Terms of one piece of a long sum. */
const PIECE = 256

/** Pieces of a product whose depth is long beside its result, as a gradient's sum over the batch is; 1 for any other. */
export function sumParts(rows: number, columns: number, depth: number): number {
  if (depth < 4 * PIECE || rows * columns > PIECE * depth) return 1
  return Math.min(32, Math.ceil(depth / PIECE))
}

/** Values a part of a stack of layers takes through all of them: a system library packs the weights anew in every part. */
const STACK_ROWS = 64
const STACK_ROWS_BLAS = 256

/** Parts of a stack of layers on this many rows of values. */
export function stackParts(rows: number, blas: boolean): number {
  return even(rows / (blas ? STACK_ROWS_BLAS : STACK_ROWS))
}

/** The next even number below, since the threads mostly are two, four or eight; at least 1. */
function even(parts: number): number {
  return Math.max(1, Math.min(MOST, 2 * Math.floor(parts / 2)))
}
