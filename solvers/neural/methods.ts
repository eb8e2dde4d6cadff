import type { Method } from '../../src/consistency-function.ts'
import { ve } from '../../src/problem/processes/closed-form.ts'
import type { LossName } from './losses/index.ts'
import { scoreMap, trainedMap, trainingTarget } from './model-method.ts'
import { type TrainingOptions, trainingSettings } from './settings.ts'
import { type Teacher, teacherDensity } from './teacher.ts'
import { train } from './train.ts'

/**
 * A network trained on the residual of the transport equation with the exact score (docs/mathematics.md §2, §7).
 *
 * @example const f = await solve(problem, pinn({ steps: 4000 }), { time: 10, seed: 1 })
 */
export function pinn(options: TrainingOptions = {}): Method {
  return trainedMethod('pinn', options)
}

/** Consistency distillation with the exact score: one backward step of `solver` on `intervals` times (docs/mathematics.md §4). */
export function distill(options: TrainingOptions = {}): Method {
  return trainedMethod('cd', options)
}

/** Consistency training on pairs that share X₀ and Z: no score, at the price of a viscosity (docs/mathematics.md §4). */
export function consistencyTraining(options: TrainingOptions = {}): Method {
  return trainedMethod('ct', options)
}

/**
 * A loss by name as a method that trains when it solves.
 *
 * @param teacher a score network whose flow is learned in place of that of the exact score
 */
export function trainedMethod(loss: LossName, options: TrainingOptions = {}, teacher?: Teacher): Method {
  return {
    name: loss,
    options: { ...options },
    target: 'map',
    random: true,
    async solveVe(density, run) {
      const settings = trainingSettings(loss, density, options, teacher !== undefined)
      const { network, weights, backend, ...rest } = await train(density, settings, {
        ...run,
        teacher: teacher && teacherDensity(teacher, settings, density, run.process ?? ve(), run.time),
      })
      const target = trainingTarget(loss, settings, density.dimension, teacher?.name)
      const diagnostics = { ...rest, backend: backend.description }
      return target.learns === 'score'
        ? scoreMap(network.architecture, weights, density.moments, diagnostics, target)
        : trainedMap(network, weights, density.moments, diagnostics, target)
    },
  }
}
