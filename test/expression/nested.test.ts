import { expect, test } from 'vitest'
import { trainingSettings } from '../../solvers/neural/settings.ts'
import { train } from '../../solvers/neural/train.ts'
import { withDerivative } from '../../src/expression/with-derivative.ts'
import { triple } from '../neural/problems.ts'

const tower = (n: number) => Array(n).fill('t').join('^')

test.each([
  tower(14),
  tower(20),
  Array(12).fill('sin(t)').join('*'),
  `${'sin('.repeat(20)}t${')'.repeat(20)}`,
])('the derivative of %s takes a moment, and is that of differences', (text) => {
  const start = performance.now()
  const { value, rate } = withDerivative(text, 'x')
  // simplified it took from six seconds to minutes
  expect(performance.now() - start).toBeLessThan(3000)
  const h = 1e-5
  expect(rate(1.1)).toBeCloseTo((value(1.1 + h) - value(1.1 - h)) / (2 * h), 6)
})

test('what is nested further is refused at once', () => {
  expect(() => withDerivative(tower(200), 'x')).toThrow(/^the derivative of x is "its length"/)
  expect(() => withDerivative(tower(900), 'x')).toThrow(expect.objectContaining({ name: 'InputError' }))
})

test('a network that no memory holds is refused before it is made, with its size', async () => {
  const settings = trainingSettings('pinn', triple.density, { width: 16_384, layers: 64, backend: 'simd' })
  await expect(train(triple.density, settings, { time: 5, seed: 0 })).rejects.toThrow(
    /^width and layers make a network of 1\d{10} weights, .* 4 GB\.$/,
  )
})
