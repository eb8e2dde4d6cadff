import { InputError } from '../../src/errors.ts'
import { BadInput } from '../../src/io/bad-input.ts'
import type { PredictorFiles } from '../../src/nn/foreign/predictor-file.ts'
import { readPredictor } from '../../src/nn/foreign/predictor-file.ts'
import type { Model, ModelDescription } from '../../src/nn/model.ts'
import { encodeWeights, readModel, sameMoments } from '../../src/nn/model.ts'
import { scoreDensity } from '../../src/problem/densities/neural.ts'
import { predicted } from '../../src/problem/densities/predicted.ts'
import type { Density } from '../../src/problem/density.ts'
import { LAST_TIME, type Process } from '../../src/problem/process.ts'
import { type Loss, losses } from './losses/index.ts'
import type { TrainingSettings } from './settings.ts'

/** A score network whose flow is learned in place of that of the exact score: one of ours, or a described one. */
export type Teacher = {
  /** What it is called in errors and in what is trained with it: its path, as a rule. */
  readonly name: string
} & ({ readonly model: Model } | { readonly network: PredictorFiles })

/**
 * A model folder, or the description of a network that predicts a score (docs/your-own-network.md).
 *
 * @throws InputError naming the file that is missing or does not fit
 */
export async function readTeacher(path: string): Promise<Teacher> {
  const network = await readPredictor(path)
  return network ? { name: path, network } : { name: path, model: await readModel(path) }
}

/**
 * The density whose score gives the velocity: that of the teacher. Training points are still made from the data.
 *
 * @param process of the problem, which a described network is for
 * @param time T of the VE problem
 * @throws InputError when the loss takes no velocity from a score, or the teacher is no score network of this data up to this time
 */
export function teacherDensity(
  teacher: Teacher,
  settings: TrainingSettings,
  data: Density,
  process: Process,
  time: number,
): Density {
  const { name } = teacher
  const loss: Loss = losses[settings.loss](settings)
  if (loss.coupled)
    throw new BadInput(
      'teacher',
      `is given with the loss ${loss.name}, which takes no velocity from a score`,
      'none, or one of the losses pinn, cd, scm, direct, lmd, cd-jump and cd-jump-duration',
    )
  const density =
    'model' in teacher
      ? scoreDensity(teacher.model, name, () => data)
      : predicted(teacher.network, process, data.moments, data.sample)
  if (!sameMoments(data.moments, density.moments))
    throw new InputError('teacher', name, 'a score network of the same data: mean and covariance differ')
  const { maximumTime = Infinity } = density
  if (time > maximumTime * (1 + 1e-12))
    throw new InputError(
      'time',
      time,
      `at most ${maximumTime}, as far as the teacher was trained (reduced to VE)`,
    )
  if (density.knownAtEnd === false && time >= LAST_TIME)
    throw new BadInput(
      name,
      'predicts nothing of the data at the end of the process, where none are left',
      'an earlier time, or a network that predicts denoiser, velocity or v',
    )
  return density
}

/** What a trained model says of its teacher: its name and the digest of its weights, with its description where they have one. */
export async function teacherRecord(teacher: Teacher): Promise<ModelDescription['teacher']> {
  const bytes = 'model' in teacher ? encodeWeights(teacher.model) : described(teacher.network)
  const digest = await crypto.subtle.digest('SHA-256', new Uint8Array(bytes))
  const sha256 = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
  return { name: teacher.name, sha256 }
}

function described({ description, source }: PredictorFiles): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(description))
  const bytes = new Uint8Array(text.length + source.bytes.length)
  bytes.set(text)
  bytes.set(source.bytes, text.length)
  return bytes
}
