import {
  dispose,
  matMul,
  mul,
  type Scalar,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  tensor1d,
  tensor2d,
  tidy,
  variable,
  variableGrads,
} from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { useBackend } from '../../src/backend/index.ts'
import { additive, composedUnits } from '../../src/nn/additive.ts'
import {
  ADDITIVE_GAIN,
  ADDITIVE_TIME_WIDTH,
  additiveParameters,
  LARGEST_LOG_SLOPE,
  ROLES,
} from '../../src/nn/architecture.ts'
import { createNetwork, directedInputs, initialWeights } from '../../src/nn/networks.ts'
import { Random } from '../../src/random/random.ts'

const [N, D, M, UNITS] = [5, 3, 4, 8]
const random = new Random(3)
const normals = (count: number, scale = 1) =>
  Float32Array.from({ length: count }, () => scale * random.normal())

beforeAll(async () => {
  await useBackend('simd')
})

describe.each([false, true])('additive units, dual %s', (dual) => {
  it('agree with plain operations in value and gradient', () => {
    const rows = dual ? 2 * N : N
    const inputs = tensor2d(normals(rows * (D + 2)), [rows, D + 2])
    const made = {
      tau: variable(tensor2d(normals(rows * M), [rows, M])),
      W: variable(tensor2d(normals(M * D * 3 * UNITS, 0.3), [M, D * 3 * UNITS])),
      w: variable(tensor1d(normals(D * 3 * UNITS, 0.5))),
    }
    const direction = tensor2d(normals(rows * D), [rows, D])
    const sizes = { dimension: D, units: UNITS, dual }
    const gradients = (f: (tau: Tensor2D, W: Tensor2D, w: Tensor1D) => Tensor) => {
      const { tau, W, w } = made
      const { value, grads } = variableGrads(
        () =>
          sum(
            mul(f(tau as unknown as Tensor2D, W as unknown as Tensor2D, w as unknown as Tensor1D), direction),
          ) as Scalar,
      )
      return [value, ...[tau, W, w].map(({ name }) => grads[name])].map((x) => Array.from(x.dataSync()))
    }
    const fused = gradients((tau, W, w) => additive(inputs, tau, W, w, sizes))
    const plain = gradients((tau, W, w) => composedUnits(inputs, matMul(tau, W), w, sizes))
    for (const [i, values] of fused.entries()) {
      const size = Math.max(...plain[i].map(Math.abs))
      values.forEach((value, k) => {
        expect(Math.abs(value - plain[i][k])).toBeLessThan(2e-5 * size)
      })
    }
    dispose(made)
  })
})

it('the tangent of a network with an additive part is its derivative, and a coordinate moves its own output alone', () => {
  const network = createNetwork({ kind: 'mlp', dimension: D, width: 8, layers: 1, units: 4 })
  const weights = initialWeights(network, random)
  // the dense part off
  for (const [i, { name }] of network.parameters.entries())
    if (name.startsWith('layer')) weights[i].assign(tidy(() => mul(weights[i], 0)))
  const theta = Float64Array.of(0.3, 0.9, 1.4)
  const y = Float64Array.from({ length: 3 * D }, () => random.normal())
  const rate = Float64Array.from({ length: 3 * D }, () => random.normal())
  const at = (step: number) => {
    const moved = directedInputs(
      theta.map((angle) => angle + step),
      y.map((value, i) => value + step * rate[i]),
      null,
      { theta: 1, phi: 0, y: rate },
    )
    return network.dualForward(weights, moved).dataSync()
  }
  const h = 1e-2
  const [low, high, middle] = [at(-h), at(h), at(0)]
  for (let i = 0; i < 3 * D; i++) {
    expect(Math.abs(middle[i])).toBeGreaterThan(0)
    expect((high[i] - low[i]) / (2 * h)).toBeCloseTo(middle[3 * D + i], 2)
  }
  const other = y.slice()
  other[1] += 0.5
  const changed = network
    .dualForward(weights, directedInputs(theta, other, null, { theta: 1, phi: 0, y: rate }))
    .dataSync()
  for (let i = 0; i < 3 * D; i++) expect(changed[i] === middle[i]).toBe(i !== 1)
})

describe('slopes of additive units', () => {
  it('are put back where training has taken them past the largest, and others are left alone', () => {
    const [, , units] = additiveParameters({ dimension: 2, width: 8, layers: 1, units: UNITS })
    const stride = ROLES * UNITS
    const size = (ADDITIVE_TIME_WIDTH + 1) * stride
    const values = new Float32Array(2 * size).fill(0.01)
    expect(units.constrain?.(values)).toBe(false)
    // the slope of unit 3 of the second coordinate, at every feature
    for (let m = 0; m <= ADDITIVE_TIME_WIDTH; m++) values[size + m * stride + 3] = m % 2 === 0 ? 0.2 : -0.2
    const before = values.slice()
    expect(units.constrain?.(values)).toBe(true)
    let sum = 0
    for (const [i, value] of values.entries()) {
      const own = i >= size && (i - size) % stride === 3
      if (own) sum += Math.abs(value)
      else expect(value).toBe(before[i])
    }
    expect(ADDITIVE_GAIN * sum).toBeCloseTo(LARGEST_LOG_SLOPE, 4)
    expect(units.constrain?.(values)).toBe(false)
  })
})
