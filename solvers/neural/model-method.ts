import { type BackendName, useBackend } from '../../src/backend/index.ts'
import type { Method } from '../../src/consistency-function.ts'
import { InputError } from '../../src/errors.ts'
import type { Model } from '../../src/nn/model/model.ts'
import { sameMoments } from '../../src/nn/model/model.ts'
import { readModel } from '../../src/nn/model/model-files.ts'
import { createNetwork } from '../../src/nn/networks.ts'
import { veTime } from '../../src/problem/process.ts'
import { createProcess } from '../../src/problem/processes/index.ts'
import { sameFunction } from '../../src/problem/record.ts'
import { trainingTarget } from './target.ts'
import { scoreMap, type TrainedMap, trainedMap } from './trained-map.ts'

/** A trained model as a method: `solve` gives its consistency function without training. */
export interface ModelMethod extends Method {
  readonly model: Model
}

export interface ModelOptions {
  /** Default auto. */
  readonly backend?: BackendName | 'auto'
  /** Threads of the simd backend; default 1. */
  readonly threads?: number
}

/** The map of a model in the reduced (VE) problem, on the chosen backend. */
export async function modelMap(
  model: Model,
  { backend = 'auto', threads = 1 }: ModelOptions = {},
): Promise<TrainedMap> {
  const { kind, loss, settings, training, architecture, teacher } = model.description
  const target = trainingTarget(loss, settings, architecture.dimension, teacher?.name)
  if (kind === 'score') return scoreMap(architecture, model.weights, model.moments, training, target)
  await useBackend(backend, { threads })
  const network = createNetwork(architecture)
  return trainedMap(network, model.weights, model.moments, training, target)
}

/**
 * A model as a method. Solving a problem of other data, or to a later time than the model was trained for, is an
 * InputError.
 */
export function modelMethod(model: Model, options: ModelOptions = {}): ModelMethod {
  const { loss, settings, problem, time, seed } = model.description
  return {
    name: loss,
    options: { ...settings, seed },
    target: 'map',
    random: false,
    model,
    async solveVe(density, run) {
      const largest = veTime(createProcess(problem.process), time)
      if (run.time > largest * (1 + 1e-12))
        throw new InputError(
          'time',
          run.time,
          `at most ${largest}, the time the model was trained for (reduced to VE)`,
        )
      if (!sameMoments(density.moments, model.moments))
        throw new InputError(
          'the data',
          density.kind,
          'the data that the model was trained on: mean and covariance differ',
        )
      if (problem.data.kind === 'function' && !sameFunction(density, problem.data))
        throw new InputError(
          'the data',
          density.kind,
          'the function that the model was trained on: its score is another',
        )
      return modelMap(model, options)
    },
  }
}

/**
 * Reads a model folder and checks every part of it. A model is data: loading it runs none of it.
 *
 * @throws InputError naming the file and what does not fit
 * @example const f = await solve(problem, await loadModel('model'), { time: 10 })
 */
export async function loadModel(folder: string, options: ModelOptions = {}): Promise<ModelMethod> {
  return modelMethod(await readModel(folder), options)
}
