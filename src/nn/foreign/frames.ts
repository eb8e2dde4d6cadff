import { InputError } from '../../errors.ts'
import { withDerivative } from '../../expression/with-derivative.ts'
import { createMoments, diagonalise } from '../../numeric/moments.ts'
import { gaussianCoordinates } from '../gaussian-coordinates.ts'
import type { OutputDescription } from './description.ts'

/** What stands around F in f(t, x), at one time: every method writes to its last arguments, [n, d] each. */
interface Frame {
  /** The network's own coordinates, and their rates along (1, dx). */
  toInputs(x: Float64Array, dx: Float64Array, inputs: Float64Array, rates: Float64Array): void
  /** f and ∂_t f + ∇f·dx, from F in `value` and its rate in `tangent`. */
  toMap(x: Float64Array, dx: Float64Array, value: Float64Array, tangent: Float64Array): void
}

/** The frame of an output convention at any time t, and for maps to time u. */
type Frames = (t: number, u: number) => Frame

/** @throws InputError for a formula, mean or covariance that does not fit */
export function createFrames(output: OutputDescription, dimension: number): Frames {
  if (output.kind === 'gaussian') return gaussianFrames(output.mean, output.covariance, dimension)
  const { skip, out, in: scale } = factors(output)
  return scalarFrames(
    withDerivative(skip, 'network.output.skip', true),
    withDerivative(out, 'network.output.out', true),
    withDerivative(scale, 'network.output.in', true),
  )
}

type Factors = { readonly skip: string; readonly out: string; readonly in: string }

/** The formulas of f = skip(t) x + out(t) F(in(t) x). */
export function factors(output: Exclude<OutputDescription, { kind: 'gaussian' }>): Factors {
  switch (output.kind) {
    case 'value':
      return { skip: '0', out: '1', in: '1' }
    case 'velocity':
      return { skip: '1', out: 'u - t', in: '1' }
    case 'formulas':
      return output
    case 'trigflow':
      return edm(output.sigmaData, 0, '-')
    case 'edm':
      return edm(output.sigmaData, output.sigmaMin, '')
  }
}

function edm(c: number, first: number, sign: string): Factors {
  return {
    skip: `${c}^2 / ((t - ${first})^2 + ${c}^2)`,
    out: `${sign}${c} * (t - ${first}) / sqrt(t^2 + ${c}^2)`,
    in: `1 / sqrt(t^2 + ${c}^2)`,
  }
}

function scalarFrames(...formulas: ReturnType<typeof withDerivative>[]): Frames {
  return (t, u) => {
    const [s, o, i] = formulas.map(({ value }) => value(t, u))
    const [ds, dout, di] = formulas.map(({ rate }) => rate(t, u))
    return {
      toInputs(x, dx, inputs, rates) {
        for (let k = 0; k < x.length; k++) {
          inputs[k] = i * x[k]
          rates[k] = di * x[k] + i * dx[k]
        }
      },
      toMap(x, dx, value, tangent) {
        for (let k = 0; k < x.length; k++) {
          tangent[k] = ds * x[k] + s * dx[k] + dout * value[k] + o * tangent[k]
          value[k] = s * x[k] + o * value[k]
        }
      },
    }
  }
}

/** f = μ + V Λ^{1/2} (y + sin²θ F(y)), docs/mathematics.md §7. */
function gaussianFrames(
  mean: readonly number[],
  covariance: readonly (readonly number[])[],
  d: number,
): Frames {
  if (mean.length !== d) throw new InputError('network.output.mean', mean, `${d} numbers`)
  const moments = createMoments(
    Float64Array.from(mean),
    diagonalise(covariance, d, 'network.output.covariance'),
  )
  const coordinates = gaussianCoordinates(moments)
  const { deviations } = coordinates
  return (t) => {
    const theta = coordinates.angle(t)
    const factor = Math.sin(theta) ** 2
    const factorRate = (Math.sin(2 * theta) * Math.cos(theta) ** 2) / moments.scale
    const toInputs: Frame['toInputs'] = (x, dx, inputs, rates) => {
      coordinates.toY(t, x, inputs)
      coordinates.direction(t, dx, rates)
      for (let k = 0; k < x.length; k++) {
        const variance = deviations[k % d] ** 2 + t * t
        if (variance > 0) rates[k] -= (t / variance) * inputs[k]
      }
    }
    return {
      toInputs,
      toMap(x, dx, value, tangent) {
        const y = new Float64Array(x.length)
        const rate = new Float64Array(x.length)
        toInputs(x, dx, y, rate)
        for (let k = 0; k < x.length; k++) {
          rate[k] += factorRate * value[k] + factor * tangent[k]
          y[k] += factor * value[k]
        }
        coordinates.toMap(y, value)
        coordinates.toMapRate(rate, tangent)
      },
    }
  }
}
