import { binaryGradients } from './binary.ts'
import { defineGradients } from './define.ts'
import { reduceGradients } from './reduce.ts'
import { shapeGradients } from './shape.ts'
import { unaryGradients } from './unary.ts'

/** Registers the gradients of the operations networks use: tfjs-core's Node build brings none. */
export function registerGradients(): void {
  for (const gradients of [unaryGradients, binaryGradients, shapeGradients, reduceGradients])
    defineGradients(gradients)
}
