import type { Model } from '../../solvers/neural/index.ts'
import { createProblem } from '../../src/create/create-problem.ts'
import { parametersOf } from '../../src/nn/architecture.ts'
import type { Random } from '../../src/random/random.ts'
import { version } from '../../src/version.ts'

/** A model as `train` would write it, with random weights. */
export function smallModel(random: Random): Model {
  const problem = createProblem({
    process: { kind: 've' },
    data: {
      kind: 'gaussian',
      mean: [0, 1],
      covariance: [
        [1, 0],
        [0, 2],
      ],
    },
  })
  const architecture = { kind: 'mlp' as const, dimension: 2, width: 4, layers: 1 }
  const parameters = parametersOf(architecture)
  return {
    description: {
      format: 'consistency-pde model',
      formatVersion: 1,
      version,
      loss: 'pinn',
      kind: 'map',
      architecture,
      problem: problem.specification,
      time: 3,
      seed: 0,
      settings: { batch: 4, optimiser: 'adam' },
      training: {
        seconds: 1,
        evaluations: 4,
        backend: 'none',
        finalLoss: 0.5,
        curve: [{ step: 1, loss: 1 }],
      },
      parameters: Object.fromEntries(parameters.map(({ name }) => [name, `weights.${name}`])),
    },
    moments: problem.density.moments,
    weights: parameters.map(({ shape }) =>
      Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.normal()),
    ),
  }
}
