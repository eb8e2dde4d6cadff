import { type GradFunc, registerGradient, type Tensor } from '@tensorflow/tfjs-core'

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

/**
 * Registers gradients by kernel name, in place of those that @tensorflow/tfjs brings where it is installed: all backends get the
 * same ones, and some of those do not add up over broadcast axes.
 */
export function defineGradients(gradients: Readonly<Record<string, Gradient>>): void {
  for (const [kernelName, { inputs = [], output = false, allInputs = false, gradient }] of Object.entries(
    gradients,
  )) {
    registerGradient({
      kernelName,
      inputsToSave: [...inputs],
      outputsToSave: [output],
      saveAllInputs: allInputs,
      gradFunc: ((dy, saved, attributes) => gradient(dy as Tensor, saved, attributes)) as GradFunc,
    })
  }
}
