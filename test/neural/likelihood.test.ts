import { tensor2d } from '@tensorflow/tfjs-core'
import { beforeAll, expect, it } from 'vitest'
import { gaussianShapes, likelihood, outputCount } from '../../solvers/neural/stochastic-flow/likelihood.ts'
import { useBackend } from '../../src/backend/index.ts'
import { Random } from '../../src/random/random.ts'

beforeAll(() => useBackend('cpu'))

it.each(gaussianShapes.flatMap((shape) => [1, 2, 3, 4].map((d) => [shape, d] as const)))(
  'the likelihood of a Gaussian with %s, d = %d, is that of its definition',
  (shape, d) => {
    const rows = 5
    const count = outputCount(shape, d)
    const random = new Random(d)
    const normals = (size: number) => Float32Array.from({ length: size }, () => random.normal())
    const [output, target] = [normals(rows * count), normals(rows * d)]
    let sum = 0
    for (let row = 0; row < rows; row++) {
      const own = output.subarray(row * count, (row + 1) * count)
      const delta = Array.from({ length: d }, (_, i) => target[row * d + i] - own[i])
      for (let i = 0, pair = 2 * d; i < d; i++) {
        let r = delta[i]
        if (shape === 'cholesky') for (let j = 0; j < i; j++) r += own[pair++] * delta[j]
        r *= Math.exp(own[d + i])
        sum += 0.5 * r * r - own[d + i]
      }
    }
    const { value, dispose } = likelihood(shape, d)
    const found = value(tensor2d(output, [rows, count]), tensor2d(target, [rows, d])).dataSync()[0]
    dispose()
    expect(found / (sum / rows)).toBeCloseTo(1, 5)
  },
)
