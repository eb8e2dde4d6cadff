import { writeFileAtomic } from '../../src/io/atomic-write.ts'
import { readJson } from '../../src/io/json.ts'
import { readBytes } from '../../src/io/read-bytes.ts'
import { decodeSafetensors } from '../../src/io/safetensors.ts'
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

/** Writes model.json and weights.safetensors; the description comes last, so that a folder that has it is complete. */
export async function writeModel(folder: string, model: Model): Promise<void> {
  await writeFileAtomic(`${folder}/${WEIGHTS}`, encodeWeights(model))
  await writeFileAtomic(`${folder}/${DESCRIPTION}`, `${JSON.stringify(descriptionInJson(model), null, 2)}\n`)
}

/** @throws InputError naming the file that is missing or does not fit */
export async function readModel(folder: string): Promise<Model> {
  const path = `${folder}/${WEIGHTS}`
  const description = parseDescription(await readJson(`${folder}/${DESCRIPTION}`), `${folder}/${DESCRIPTION}`)
  return assembleModel(description, decodeSafetensors(await readBytes(path), path), path)
}
