import { describe, expect, it, type TestContext } from 'vitest'
import { lossNames, type TrainModelOptions, trainModel } from '../../solvers/neural/index.ts'
import { optimisers } from '../../src/nn/optimisers/index.ts'
import { triple } from '../neural/problems.ts'
import { available } from './available.ts'

/** `npm run test:tensorflow` sets this, and then the tests have to run. */
const required = process.env.CONSISTENCY_PDE_TENSORFLOW === '1'
const missing = !required && !available.includes('tensorflow')

function skipWithout({ skip }: TestContext): void {
  skip(missing, 'tfjs-node is not installed: npm run test:tensorflow installs it')
}

const STEPS = 20
const options = { time: 5, steps: STEPS, width: 32, layers: 2, batch: 128, intervals: 16, seed: 3 } as const

/** The loss of every step. */
async function curve(run: Omit<TrainModelOptions, 'time'>): Promise<readonly number[]> {
  const { curve, model } = await trainModel(triple, { ...options, ...run })
  expect(model.description.training.backend).toMatch(run.backend === 'tensorflow' ? /tfjs-node/ : /SIMD/)
  expect(curve.map(({ step }) => step)).toEqual(Array.from({ length: STEPS }, (_, k) => k + 1))
  return curve.map(({ loss }) => loss)
}

const runs = lossNames.flatMap((loss) => Object.keys(optimisers).map((optimiser) => ({ loss, optimiser })))

/** Largest relative difference of a loss: float32 accuracy, which SOAP's bases pass on with a factor of about 50. */
const LIMITS: Readonly<Record<string, number>> = { adam: 1e-5, soap: 5e-5 }

describe.each(runs)('a training on tfjs-node ($loss, $optimiser)', (run) => {
  it('has the losses of simd', async (context) => {
    skipWithout(context)
    const simd = await curve({ ...run, backend: 'simd' })
    const tensorflow = await curve({ ...run, backend: 'tensorflow' })
    const errors = simd.map((loss, k) => Math.abs(tensorflow[k] / loss - 1))
    expect(errors[0]).toBeLessThan(1e-6)
    expect(Math.max(...errors)).toBeLessThan(LIMITS[run.optimiser])
  })
})
