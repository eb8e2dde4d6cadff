import { expect, it } from 'vitest'
import { trainModel } from '../../solvers/neural/index.ts'
import { optimisers } from '../../src/nn/optimisers/index.ts'
import { triple } from '../neural/problems.ts'

// The plain JavaScript of tfjs shares no kernel with simd; test/backend/tensorflow.test.ts compares every loss where tfjs-node is there.
it.each(
  Object.keys(optimisers).flatMap((optimiser) =>
    (['pinn', 'cd', 'lsd'] as const).map((loss) => ({ optimiser, loss })),
  ),
)('$optimiser has the same losses on cpu and on simd for 60 steps of $loss', async ({ optimiser, loss }) => {
  const curves: number[][] = []
  for (const backend of ['cpu', 'simd'] as const) {
    const { curve } = await trainModel(triple, {
      ...{ time: 5, steps: 60, width: 32, layers: 2, batch: 128, intervals: 16, seed: 3 },
      ...{ loss, optimiser, backend },
    })
    curves.push(curve.map(({ loss }) => loss))
  }
  const [cpu, simd] = curves
  expect(cpu).toHaveLength(60)
  expect(Math.max(...simd.map((value, k) => Math.abs(cpu[k] / value - 1)))).toBeLessThan(
    optimiser === 'adam' ? 2e-6 : 5e-5,
  )
})
