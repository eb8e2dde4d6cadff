import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu'
import {
  type backend_util,
  type DataType,
  getKernel,
  type KernelFunc,
  type NamedTensorInfoMap,
  registerKernel,
  type TensorInfo,
  unregisterKernel,
  util,
} from '@tensorflow/tfjs-core'
import type { Crew } from '../../kernels/crew.ts'
import type { Kernels, SharedKernel } from '../../kernels/kernels.ts'
import type { MemoryPool } from '../../kernels/memory-pool.ts'

type Values = backend_util.BackendValues

/** What the parent keeps of a tensor, and the address of its numbers when they are in the kernels' memory. */
interface Held {
  values?: Values
  address?: number
}

/**
 * The cpu backend of tfjs with its hot kernels in WebAssembly. A tensor moves into the kernels' memory when a kernel first needs it
 * and stays there; the other kernels of the cpu backend read it in place through `values`.
 */
export class SimdBackend extends MathBackendCPU {
  readonly pool: MemoryPool
  readonly kernels: Kernels
  /** Whether a system library multiplies matrices. */
  readonly blas: boolean
  readonly #crew: Crew

  constructor(pool: MemoryPool, kernels: Kernels, crew: Crew, blas: boolean) {
    super()
    this.blas = blas
    this.pool = pool
    this.kernels = kernels
    this.#crew = crew
  }

  get threads(): number {
    return this.#crew.threads
  }

  /** Runs a kernel in parts that the threads share. */
  run(name: SharedKernel, parts: number, ...values: number[]): void {
    this.#crew.run(name, parts, ...values)
  }

  /** The address of a float32 tensor's numbers, which are moved into the kernels' memory if need be. */
  address(info: TensorInfo): number {
    const held: Held = this.data.get(info.dataId)
    if (held.address !== undefined) return held.address
    const values = held.values as Float32Array
    const address = this.pool.allocate(4 * values.length)
    const view = this.pool.view(address, values.length)
    view.set(values)
    held.values = view
    held.address = address
    return address
  }

  /** The numbers of a float32 tensor, wherever they are. */
  valuesOf(info: TensorInfo): Float32Array {
    return this.data.get(info.dataId).values as Float32Array
  }

  /** A new float32 tensor in the kernels' memory; its numbers are yet to be written. */
  output(shape: number[]): { info: TensorInfo; address: number } {
    const length = util.sizeFromShape(shape)
    const address = this.pool.allocate(4 * length)
    const view = this.pool.view(address, length)
    const info: TensorInfo = { dataId: super.write(view, shape, 'float32'), shape, dtype: 'float32' }
    const held: Held = this.data.get(info.dataId)
    held.address = address
    return { info, address }
  }

  /** Kernels of the cpu backend sometimes return a part of their input's array: a copy, since that memory is used again. */
  override write(values: Values, shape: number[], dtype: DataType): object {
    return super.write(inKernelMemory(values) ? values.slice() : values, shape, dtype)
  }

  override move(dataId: object, values: Values, shape: number[], dtype: DataType, refCount: number): void {
    super.move(dataId, inKernelMemory(values) ? values.slice() : values, shape, dtype, refCount)
  }

  /** A copy, since the memory is used again after the tensor is gone. */
  override readSync(dataId: object): Values {
    const values = super.readSync(dataId)
    return inKernelMemory(values) ? values.slice() : values
  }

  override disposeData(dataId: object, force = false): boolean {
    const held: Held | null = this.data.has(dataId) ? this.data.get(dataId) : null
    const gone = super.disposeData(dataId, force)
    if (gone && held?.address !== undefined) this.pool.free(held.address)
    return gone
  }

  /** Stops the helping threads. */
  stop(): Promise<void> {
    return this.#crew.stop()
  }
}

function inKernelMemory(values: Values): values is Float32Array {
  return values instanceof Float32Array && !(values.buffer instanceof ArrayBuffer)
}

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
