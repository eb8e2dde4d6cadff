import { type GradFunc, registerGradient, type Tensor } from '@tensorflow/tfjs-core'
import type { Gradient } from './define.ts'
import { binaryGradients, unaryGradients } from './elementwise.ts'
import { reduceGradients, shapeGradients } from './shape.ts'

const tables = [unaryGradients, binaryGradients, shapeGradients, reduceGradients]

/** The operations networks, losses and optimisers may use: a backend has to have every one. */
export const requiredKernels: readonly string[] = tables.flatMap((gradients) => Object.keys(gradients))

/** Registers the gradients of the operations networks use: tfjs-core's Node build brings none. */
export function registerGradients(): void {
  for (const gradients of tables) defineGradients(gradients)
}

/**
 * Registers gradients by kernel name, in place of those that @tensorflow/tfjs brings where it is installed: all backends get the
 * same ones, and some of those do not add up over broadcast axes.
 */
function defineGradients(gradients: Readonly<Record<string, Gradient>>): void {
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
