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
