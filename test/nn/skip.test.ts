import {
  grads,
  mul,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  tensor,
  tidy,
} from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { composedWeightedSquares, weightedSquares } from '../../solvers/neural/metrics.ts'
import { useBackend } from '../../src/backend/index.ts'
import {
  composedDualSkip,
  composedSkip,
  composedSkipRate,
  dualSkip,
  skip,
  skipRate,
} from '../../src/nn/skip.ts'
import { available } from '../backend/available.ts'
import { centralDifferences, distance } from './central-differences.ts'
import { randomMatrix } from './float64-layers.ts'

interface Case {
  readonly name: string
  readonly n: number
  readonly d: number
  /** Rows of F, of the factors and of what is added, in units of n; of the output too. */
  readonly halves: readonly [number, number, number, number]
  readonly fused: typeof skip
  readonly composed: typeof skip
}

const sizes = [
  { n: 1, d: 1 },
  { n: 5, d: 2 },
  { n: 33, d: 7 },
  { n: 600, d: 64 },
]
const cases: Case[] = sizes.flatMap((size) => [
  { name: 'skip', ...size, halves: [1, 1, 1, 1] as const, fused: skip, composed: composedSkip },
  { name: 'skipRate', ...size, halves: [2, 2, 1, 1] as const, fused: skipRate, composed: composedSkipRate },
  { name: 'dualSkip', ...size, halves: [2, 2, 2, 2] as const, fused: dualSkip, composed: composedDualSkip },
])

function inputsOf({ n, d, halves }: Case) {
  const [F, factors, base, output] = halves
  return {
    F: randomMatrix(F * n, d, 'F').values,
    factors: randomMatrix(factors * n, 1, 'factors').values,
    base: randomMatrix(base * n, d, 'base').values,
    weights: randomMatrix(output * n, d, 'weights').values,
  }
}

/** Y = y + sF and Ẏ = ẏ + ṡF + sḞ. */
function exact({ name, n, d }: Case, { F, factors, base }: ReturnType<typeof inputsOf>): Float64Array {
  const out = new Float64Array(base.length)
  for (let i = 0; i < n; i++)
    for (let j = 0; j < d; j++) {
      const k = i * d + j
      if (name === 'skip') out[k] = base[k] + factors[i] * F[k]
      else {
        const to = name === 'dualSkip' ? n * d + k : k
        if (name === 'dualSkip') out[k] = base[k] + factors[n + i] * F[k]
        out[to] = base[to] + factors[i] * F[k] + factors[n + i] * F[n * d + k]
      }
    }
  return out
}

/** The output and the gradients of F and of what is added. */
function results(one: Case, f: typeof skip): Float32Array[] {
  const { F, factors, base, weights } = inputsOf(one)
  const { d } = one
  const matrix = (values: Float64Array, columns: number) =>
    tensor(Float32Array.from(values), [values.length / columns, columns]) as Tensor2D
  const parts = tidy(() => {
    const s = matrix(factors, 1)
    const inputs: Tensor[] = [matrix(F, d), matrix(base, d)]
    const g = matrix(weights, d)
    const call = (...[x, y]: Tensor[]) => f(x as Tensor2D, s, y as Tensor2D)
    return [call(...inputs), ...grads((...x: Tensor[]) => sum(mul(call(...x), g)))(inputs)]
  })
  const arrays = parts.map((part) => Float32Array.from(part.dataSync()))
  for (const part of parts) part.dispose()
  return arrays
}

function squares(n: number, d: number, f: typeof weightedSquares): [number, Float32Array] {
  const [loss, slope] = tidy(() => {
    const [r, weights] = [randomMatrix(n, d, 'r'), randomMatrix(n, 1, 'w')].map(({ values, columns }) =>
      tensor(Float32Array.from(values), [n, columns]),
    ) as Tensor2D[]
    const scales = tensor(Float32Array.from(randomMatrix(1, d, 'c').values)) as Tensor1D
    const call = (x: Tensor) => f(x as Tensor2D, weights, scales)
    return [call(r), grads((x: Tensor) => mul(call(x), 3))([r])[0]]
  })
  return [loss.dataSync()[0], Float32Array.from(slope.dataSync())]
}

describe.each(available)('on %s', (backend) => {
  beforeAll(async () => {
    await useBackend(backend)
  }, 60_000)

  it.each(cases)('$name equals float64 and has its gradient (n = $n, d = $d)', (one) => {
    const [value, ofF, ofBase] = results(one, one.fused)
    const inputs = inputsOf(one)
    expect(distance(value, exact(one, inputs))).toBeLessThan(1e-6)
    const loss = () => exact(one, inputs).reduce((total, y, i) => total + y * inputs.weights[i], 0)
    for (const [found, values] of [
      [ofF, inputs.F],
      [ofBase, inputs.base],
    ] as const) {
      const { entries, slopes } = centralDifferences(values, loss)
      expect(
        distance(
          entries.map((i) => found[i]),
          slopes,
        ),
      ).toBeLessThan(1e-5)
    }
  })

  it.each(sizes)('weightedSquares equals float64 and has its gradient (n = $n, d = $d)', ({ n, d }) => {
    const [value, slope] = squares(n, d, weightedSquares)
    const [r, w, c] = [randomMatrix(n, d, 'r'), randomMatrix(n, 1, 'w'), randomMatrix(1, d, 'c')]
    const terms = r.values.map((x, k) => w.values[Math.floor(k / d)] * (c.values[k % d] * x) ** 2)
    const size = terms.reduce((total, term) => total + Math.abs(term), 0)
    const sumOf = () =>
      r.values.reduce((total, x, k) => total + w.values[Math.floor(k / d)] * (c.values[k % d] * x) ** 2, 0)
    expect(Math.abs(value - sumOf()) / size).toBeLessThan(1e-5)
    const { entries, slopes } = centralDifferences(r.values, () => 3 * sumOf())
    expect(
      distance(
        entries.map((i) => slope[i]),
        slopes,
      ),
    ).toBeLessThan(1e-5)
  })
})

describe('the kernels against their compositions', () => {
  beforeAll(async () => {
    await useBackend('simd')
  })

  it.each(cases)('$name, n = $n, d = $d', (one) => {
    const [fused, composed] = [results(one, one.fused), results(one, one.composed)]
    for (const [k, part] of fused.entries()) expect(distance(part, composed[k])).toBeLessThan(1e-5)
  })

  it.each(sizes)('weightedSquares, n = $n, d = $d', ({ n, d }) => {
    const [[value, slope], [plain, plainSlope]] = [
      squares(n, d, weightedSquares),
      squares(n, d, composedWeightedSquares),
    ]
    // terms of both signs: their sum is smaller than they are
    expect(Math.abs(value - plain)).toBeLessThan(1e-4 * Math.sqrt(n * d))
    expect(distance(slope, plainSlope)).toBeLessThan(1e-5)
  })
})
