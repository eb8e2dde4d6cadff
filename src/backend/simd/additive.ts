import type { Kernel } from './define.ts'
import { passParts } from './parts.ts'

interface AdditiveAttributes {
  readonly units: number
  readonly dual: boolean
}

/** The units of src/nn/additive.ts, forwards and backwards. */
export const additiveKernels: Readonly<Record<string, Kernel>> = {
  /** [rows, d] from inputs [rows, d + …], coefficients [rows, 3·units·d] and bias [3·units·d]. */
  Additive({ inputs, coefficients, bias }, backend, { units, dual }: AdditiveAttributes) {
    const [rows, columns] = coefficients.shape
    const d = columns / (3 * units)
    const { info, address } = backend.output([rows, d])
    const sizes = [Number(dual), dual ? rows / 2 : rows, d, units, inputs.shape[1]]
    const places = [inputs, coefficients, bias].map((input) => backend.address(input))
    backend.run('additiveForward', passParts(rows * columns), ...sizes, ...places, address)
    return info
  },

  /** The gradient of the coefficients from that of the output. */
  AdditiveGradient({ inputs, coefficients, bias, g }, backend, { units, dual }: AdditiveAttributes) {
    const [rows, columns] = coefficients.shape
    const d = columns / (3 * units)
    const { info, address } = backend.output([rows, columns])
    const sizes = [Number(dual), dual ? rows / 2 : rows, d, units, inputs.shape[1]]
    const places = [inputs, coefficients, bias, g].map((input) => backend.address(input))
    backend.run('additiveBackward', passParts(rows * columns), ...sizes, ...places, address)
    return info
  },
}
