import { InputError } from '../../errors.ts'
import { BadInput } from '../../io/bad-input.ts'
import { decodeBase64 } from '../../io/base64.ts'
import type { Model, ModelDescription } from '../../nn/model/model.ts'
import { modelFromBytes } from '../../nn/model/model-bytes.ts'
import { scoreNetwork } from '../../nn/score-network.ts'
import type { Random } from '../../random/random.ts'
import type { Density } from '../density.ts'
import { veTime } from '../process.ts'
import { createProcess } from '../processes/index.ts'
import type { NeuralSpec, ProblemRecord } from '../specification.ts'

/** A density known by a trained score network. */
export interface NeuralDensity extends Density {
  readonly model: ModelDescription
}

/**
 * The density of a `neural` problem file: its score is that of a network trained with the loss `score`. It has no
 * log-density, and it is known up to the time that the network was trained for.
 *
 * @param createData makes the density that the network was trained on, from which samples are drawn
 * @throws InputError when there is no network, or one of another kind
 */
export function neural(spec: NeuralSpec, createData: (problem: ProblemRecord) => Density): NeuralDensity {
  if (spec.bytes === undefined) {
    if (spec.model === undefined) throw new InputError('problem.data', Object.keys(spec), 'the key model')
    throw new InputError(
      'problem.data.model',
      spec.model,
      'the network in bytes here; readProblem() reads folders',
    )
  }
  const name = spec.model ?? 'problem.data.bytes'
  return scoreDensity(modelFromBytes(decodeBase64(spec.bytes, 'problem.data.bytes'), name), name, createData)
}

/**
 * A trained score network as a density.
 *
 * @param name what to call the model in an error
 * @throws InputError when the model is no score network
 */
export function scoreDensity(
  { description, moments, weights }: Model,
  name: string,
  createData: (problem: ProblemRecord) => Density,
): NeuralDensity {
  const { kind, loss, architecture, problem, time } = description
  if (kind !== 'score')
    throw new BadInput(
      name,
      `is a consistency function, trained by the loss ${loss}`,
      'a score network, trained by the loss score',
    )
  const network = scoreNetwork(architecture, weights, moments)
  let data: Density | null = null
  return {
    kind: 'neural',
    ...network,
    maximumTime: veTime(createProcess(problem.process), time),
    atomic: false,
    model: description,
    sample(count: number, random: Random) {
      data ??= createData(problem)
      if (data.sample && data.dimension === network.dimension) return data.sample(count, random)
      throw new BadInput(
        name,
        `was trained on ${data.kind} data`,
        `data in ${network.dimension} dimensions that can be sampled`,
      )
    },
  }
}
