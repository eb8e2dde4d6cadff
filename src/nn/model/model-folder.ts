import { writeFileAtomic } from '../../io/atomic-write.ts'
import { BadInput } from '../../io/bad-input.ts'
import { readJson } from '../../io/json.ts'
import { readBytes } from '../../io/read-bytes.ts'
import { decodeSafetensors } from '../../io/safetensors.ts'
import type { Model } from './model.ts'
import { assembleModel, descriptionInJson, encodeWeights, parseDescription } from './model-bytes.ts'

/** Files of a model folder. */
const DESCRIPTION = 'model.json'
const WEIGHTS = 'weights.safetensors'
const CHECKPOINT = 'checkpoint.safetensors'

/** The checkpoint of a model folder. */
export function checkpointPath(folder: string): string {
  return `${folder}/${CHECKPOINT}`
}

/** Makes the folder of a model, so that a path that cannot be one is found out before the training. */
export async function makeModelFolder(folder: string): Promise<void> {
  const { mkdir } = await import('node:fs/promises')
  await mkdir(folder, { recursive: true })
}

/**
 * Writes model.json and weights.safetensors; the description comes last and holds the digest of the weights, so that the two are
 * known to belong together.
 */
export async function writeModel(folder: string, model: Model): Promise<void> {
  const bytes = encodeWeights(model)
  const description = { ...descriptionInJson(model), weights: await digest(bytes) }
  await writeFileAtomic(`${folder}/${WEIGHTS}`, bytes)
  await writeFileAtomic(`${folder}/${DESCRIPTION}`, `${JSON.stringify(description, null, 2)}\n`)
}

/** @throws InputError naming the file that is missing or does not fit */
export async function readModel(folder: string): Promise<Model> {
  const path = `${folder}/${WEIGHTS}`
  const description = parseDescription(await readJson(`${folder}/${DESCRIPTION}`), `${folder}/${DESCRIPTION}`)
  const bytes = await readBytes(path)
  const model = assembleModel(description, decodeSafetensors(bytes, path), path)
  if (description.weights !== undefined && description.weights !== (await digest(bytes)))
    throw new BadInput(
      path,
      `does not belong to ${DESCRIPTION} beside it`,
      'the two of one training; train it again',
    )
  return model
}

async function digest(bytes: Uint8Array): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>)
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
