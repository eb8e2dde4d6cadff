import { InputError } from '../../errors.ts'
import { BadInput } from '../../io/bad-input.ts'
import { decodeBase64 } from '../../io/base64.ts'
import { parsePredictor } from '../../nn/foreign/predictor-file.ts'
import type { Model, ModelDescription } from '../../nn/model.ts'
import { modelFromBytes } from '../../nn/model.ts'
import type { Moments } from '../../numeric/moments.ts'
import { createMoments, diagonalise, pointMoments } from '../../numeric/moments.ts'
import { pointsFromRows, rowMajor } from '../../points/points.ts'
import type { Random } from '../../random/random.ts'
import type { NeuralSpec } from '../../specification/data.ts'
import type { ProblemRecord } from '../../specification/problem.ts'
import type { Density } from '../density.ts'
import { type Process, veTime } from '../process.ts'
import { createProcess } from '../processes/index.ts'
import { predicted } from './predicted.ts'
import { scoreNetwork } from './score-network.ts'

/** A density known by a trained score network. */
interface NeuralDensity extends Density {
  readonly model: ModelDescription
}

/**
 * The density of a `neural` problem file: its score is that of a network trained with the loss `score`. It has no
 * log-density, and it is known up to the time that the network was trained for.
 *
 * @param createData makes the density that the network was trained on, from which samples are drawn
 * @throws InputError when there is no network, or one of another kind
 */
export function neural(
  spec: NeuralSpec,
  process: Process,
  createData: (problem: ProblemRecord) => Density,
): Density {
  if (spec.network !== undefined) return describedNetwork(spec, spec.network, process)
  for (const key of ['mean', 'covariance', 'samples'] as const)
    if (spec.bytes !== undefined && spec[key] !== undefined)
      throw new BadInput(`problem.data.${key}`, 'is given with a score network that has its own', 'none')
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

/** A network that was trained elsewhere. */
function describedNetwork(
  { model, mean, covariance, samples }: NeuralSpec,
  { description, file, bytes }: NonNullable<NeuralSpec['network']>,
  process: Process,
): Density {
  const name = model ?? 'problem.data.network'
  const files = {
    name,
    description: parsePredictor(description, name),
    source: { file, bytes: decodeBase64(bytes, 'problem.data.network.bytes') },
  }
  if (samples !== undefined && (mean !== undefined || covariance !== undefined))
    throw new BadInput(
      'problem.data.samples',
      'is given together with a mean or a covariance',
      'one of the two',
    )
  if (samples !== undefined) {
    if (typeof samples === 'string')
      throw new InputError('problem.data.samples', samples, 'points; readProblem() reads files')
    const x = rowMajor(pointsFromRows(samples, 'problem.data.samples'))
    const d = samples[0].length
    const moments = pointMoments(x, d, new Float64Array(samples.length).fill(1 / samples.length))
    const draw: Density['sample'] = (count, random) => {
      const out = new Float64Array(count * d)
      for (let row = 0; row < count; row++) {
        const from = d * Math.floor(random.uniform() * samples.length)
        out.set(x.subarray(from, from + d), row * d)
      }
      return out
    }
    return predicted(files, process, withExtent(moments, 'problem.data.samples'), draw)
  }
  if (mean === undefined || covariance === undefined)
    throw new BadInput(
      'problem.data',
      'has a network without the mean and the covariance of its data',
      '"mean" and "covariance", or "samples" from which they are estimated',
    )
  const eigen = diagonalise(covariance, mean.length, 'problem.data.covariance')
  const moments = createMoments(Float64Array.from(mean), eigen)
  return predicted(files, process, withExtent(moments, 'problem.data.covariance'))
}

function withExtent(moments: Moments, name: string): Moments {
  if (moments.trace > 0) return moments
  throw new BadInput(name, 'has no extent', 'data that are not all one point')
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
