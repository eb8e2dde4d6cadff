import { expect, test } from 'vitest'
import { trainingSettings } from '../../solvers/neural/settings.ts'
import { train } from '../../solvers/neural/train.ts'
import { triple } from '../neural/problems.ts'

test('a network that no memory holds is refused before it is made, with its size', async () => {
  const settings = trainingSettings('pinn', triple.density, { width: 16_384, layers: 64, backend: 'simd' })
  await expect(train(triple.density, settings, { time: 5, seed: 0 })).rejects.toThrow(
    /^width and layers make a network of 1\d{10} weights, .* 4 GB\.$/,
  )
})
