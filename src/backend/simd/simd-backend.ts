import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu'
import { type backend_util, type DataType, type TensorInfo, util } from '@tensorflow/tfjs-core'
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

  /** Runs a kernel in parts that the threads share; define.ts says how many. */
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
