import { expect, test } from 'vitest'
import { trainingSettings } from '../../solvers/neural/settings.ts'
import { train } from '../../solvers/neural/train.ts'
import { createProblem } from '../../src/create/create-problem.ts'
import { triple } from './problems.ts'

test('a network or a batch that no memory holds is refused before it is made, with its size', async () => {
  const settings = trainingSettings('pinn', triple.density, { width: 16_384, layers: 64, backend: 'simd' })
  await expect(train(triple.density, settings, { time: 5, seed: 0 })).rejects.toThrow(
    /^width and layers make a network of 1\d{10} weights, .* 4 GB\.$/,
  )
  const batch = trainingSettings('pinn', triple.density, { batch: 2 ** 20, width: 2048, backend: 'simd' })
  await expect(train(triple.density, batch, { time: 5, seed: 0 })).rejects.toThrow(
    /^batch, width and layers make 1048576 points of \d layers of 2048 units, .* 4 GB\.$/,
  )
})

test('a coarse solution that no memory holds is refused before it is made', async () => {
  const { density } = createProblem({
    process: { kind: 've' },
    data: {
      kind: 'mixture',
      weights: Array(60).fill(1 / 60),
      means: Array.from({ length: 60 }, (_, k) => [k, -k]),
      stds: Array(60).fill(0.3),
    },
  })
  const options = { coarseSteps: 1, batch: 2 ** 20, width: 4, layers: 1, backend: 'simd' } as const
  await expect(
    train(density, trainingSettings('direct', density, options), { time: 5, seed: 0 }),
  ).rejects.toThrow(
    /^coarseSteps asks for 60 components in 2 dimensions at once, .* 0, or data with fewer components\.$/,
  )
})
