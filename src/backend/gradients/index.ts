import { defineGradients } from './define.ts'
import { binaryGradients, unaryGradients } from './elementwise.ts'
import { reduceGradients, shapeGradients } from './shape.ts'

const tables = [unaryGradients, binaryGradients, shapeGradients, reduceGradients]

/** The operations networks, losses and optimisers may use: a backend has to have every one. */
export const requiredKernels: readonly string[] = tables.flatMap((gradients) => Object.keys(gradients))

/** Registers the gradients of the operations networks use: tfjs-core's Node build brings none. */
export function registerGradients(): void {
  for (const gradients of tables) defineGradients(gradients)
}
