import { InputError } from '../../errors.ts'
import { BadInput } from '../../io/bad-input.ts'
import { readJson } from '../../io/json.ts'
import { readBytes } from '../../io/read-file.ts'
import { parseWith } from '../../specification/schema.ts'
import { type PredictorDescription, predictions, predictorSchema } from './description.ts'
import { descriptionPath } from './description-path.ts'
import { readOnnx } from './onnx-weights.ts'

/** A network that predicts a score, or what is as good: its description and its file. */
export interface PredictorFiles {
  /** What the description is called. */
  readonly name: string
  readonly description: PredictorDescription
  /** The weights, or the graph. */
  readonly source: { readonly file: string; readonly bytes: Uint8Array }
}

/**
 * Reads a described network that predicts a score, or what is as good (docs/your-own-network.md).
 *
 * @param path the description, or a folder that holds it as network.json
 * @returns null where the path holds neither
 * @throws InputError naming the file or the key that does not fit
 */
export async function readPredictor(path: string): Promise<PredictorFiles | null> {
  const name = await descriptionPath(path)
  if (name === null) return null
  const description = parsePredictor(await readJson(name), name)
  const folder = /^(.*[/\\])?[^/\\]*$/.exec(name)?.[1] ?? ''
  const file = description.kind === 'mlp' ? description.weights : description.graph
  const read = description.kind === 'mlp' ? readBytes : readOnnx
  return { name, description, source: { file, bytes: await read(`${folder}${file}`) } }
}

/** @throws InputError naming the first key that does not fit */
export function parsePredictor(json: unknown, name: string): PredictorFiles['description'] {
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw new InputError(name, json, 'the description of a network, a JSON object')
  if (!('predicts' in json) || json.predicts === undefined)
    throw new BadInput(
      name,
      'does not say what the network predicts',
      `"predicts": one of ${predictions.join(', ')}`,
    )
  return parseWith(predictorSchema, json, 'network')
}
