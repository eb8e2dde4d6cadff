import type { Tensor } from '@tensorflow/tfjs-core'

/** The gradient of one kernel: dy, the saved tensors and the attributes in; one function per differentiable input out. */
export interface Gradient {
  readonly inputs?: readonly string[]
  readonly output?: boolean
  readonly allInputs?: boolean
  readonly gradient: (
    dy: Tensor,
    saved: Tensor[],
    // biome-ignore lint/suspicious/noExplicitAny: every kernel has attributes of its own
    attributes: any,
  ) => Readonly<Record<string, () => Tensor>>
}
