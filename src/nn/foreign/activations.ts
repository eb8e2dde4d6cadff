import erfc from '@stdlib/math-base-special-erfc'
import { CURVES, type Curve } from '../../kernels/network.ts'

/** φ(z) of one number, and φ'(z). */
interface Activation {
  value(z: number): number
  /** The slope, from z and φ(z). */
  slope(z: number, value: number): number
}

const sigmoid = (z: number) => 1 / (1 + Math.exp(-z))
const normalCdf = (z: number) => erfc(-z / Math.SQRT2) / 2
const normalDensity = (z: number) => Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)
// the cubic of the approximate GELU (1606.08415, section 2)
const GELU_CUBIC = 0.044715
const geluArgument = (z: number) => Math.sqrt(2 / Math.PI) * (z + GELU_CUBIC * z ** 3)

/** Those that the kernel does not have. */
const activations = {
  gelu: {
    value: (z) => z * normalCdf(z),
    slope: (z) => normalCdf(z) + z * normalDensity(z),
  },
  'gelu-tanh': {
    value: (z) => (z / 2) * (1 + Math.tanh(geluArgument(z))),
    slope: (z) => {
      const tanh = Math.tanh(geluArgument(z))
      return (1 + tanh + z * (1 - tanh * tanh) * Math.sqrt(2 / Math.PI) * (1 + 3 * GELU_CUBIC * z * z)) / 2
    },
  },
  relu: { value: (z) => Math.max(0, z), slope: (z) => Number(z > 0) },
  elu: { value: (z) => (z > 0 ? z : Math.expm1(z)), slope: (z, value) => (z > 0 ? 1 : value + 1) },
  softplus: { value: (z) => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))), slope: sigmoid },
  sin: { value: Math.sin, slope: Math.cos },
} satisfies Record<string, Activation>

/** An activation that is computed here. */
export type OwnActivation = keyof typeof activations

type ActivationName = Curve | OwnActivation

export const activationNames = [...CURVES, ...Object.keys(activations)] as ActivationName[]

/** Whether the kernel of networks applies the activation. */
export function isCurve(name: ActivationName): name is Curve {
  return !Object.hasOwn(activations, name)
}

/** The activation of a layer by its name. */
export function activationOf(name: OwnActivation): Activation {
  return activations[name]
}
