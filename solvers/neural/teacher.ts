import { InputError } from '../../src/errors.ts'
import { BadInput } from '../../src/io/bad-input.ts'
import type { Model, ModelDescription } from '../../src/nn/model/model.ts'
import { sameMoments } from '../../src/nn/model/model.ts'
import { encodeWeights } from '../../src/nn/model/model-bytes.ts'
import { readModel } from '../../src/nn/model/model-folder.ts'
import { scoreDensity } from '../../src/problem/densities/neural.ts'
import type { Density } from '../../src/problem/density.ts'
import { type Loss, losses } from './losses/index.ts'
import type { TrainingSettings } from './settings.ts'

/** A score network whose flow is learned in place of that of the exact score. */
export interface Teacher {
  /** What it is called in errors and in what is trained with it: its folder, as a rule. */
  readonly name: string
  readonly model: Model
}

/** @throws InputError naming the file that is missing or does not fit */
export async function readTeacher(folder: string): Promise<Teacher> {
  return { name: folder, model: await readModel(folder) }
}

/**
 * The density whose score gives the velocity: that of the teacher. Training points are still made from the data.
 *
 * @param time T of the VE problem
 * @throws InputError when the loss takes no velocity from a score, or the teacher is no score network of this data up to this time
 */
export function teacherDensity(
  { name, model }: Teacher,
  settings: TrainingSettings,
  data: Density,
  time: number,
): Density {
  const loss: Loss = losses[settings.loss](settings)
  if (loss.coupled)
    throw new BadInput(
      'teacher',
      `is given with the loss ${loss.name}, which takes no velocity from a score`,
      'none, or one of the losses pinn, cd, scm, direct, lmd, cd-jump and cd-jump-duration',
    )
  const density = scoreDensity(model, name, () => data)
  if (!sameMoments(data.moments, model.moments))
    throw new InputError('teacher', name, 'a score network of the same data: mean and covariance differ')
  const { maximumTime = Infinity } = density
  if (time > maximumTime * (1 + 1e-12))
    throw new InputError(
      'time',
      time,
      `at most ${maximumTime}, as far as the teacher was trained (reduced to VE)`,
    )
  return density
}

/** What a trained model says of its teacher: its name and the digest of its weights. */
export async function teacherRecord({ name, model }: Teacher): Promise<ModelDescription['teacher']> {
  const digest = await crypto.subtle.digest('SHA-256', new Uint8Array(encodeWeights(model)))
  const sha256 = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
  return { name, sha256 }
}
