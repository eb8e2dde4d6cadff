import type { Method } from '../../../src/consistency-function.ts'
import { descriptionPath } from '../../../src/nn/foreign/description-path.ts'
import type { Model } from '../../../src/nn/model.ts'
import { readModel } from '../../../src/nn/model.ts'
import { type ModelOptions, modelMethod } from '../model-method.ts'
import { type NetworkFiles, networkMethod, readNetwork } from './network-method.ts'

/** What was read of a model folder, or of the network of somebody else: plain data. */
export type AnyModel = { readonly model: Model } | { readonly network: NetworkFiles }

/**
 * Reads a model folder, or the network of somebody else: whichever the path holds.
 *
 * @throws InputError naming the file that is missing or does not fit
 */
export async function readAnyModel(path: string): Promise<AnyModel> {
  const description = await descriptionPath(path)
  return description === null ? { model: await readModel(path) } : { network: await readNetwork(path) }
}

/** Such a model as a method. @throws InputError for a network whose weights do not fit its description */
export function anyModelMethod(any: AnyModel, options: ModelOptions = {}): Method {
  return 'model' in any ? modelMethod(any.model, options) : networkMethod(any.network)
}

/**
 * A model folder, or the network of somebody else, as a method.
 *
 * @throws InputError naming the file that is missing or does not fit
 */
export async function loadAnyModel(path: string, options: ModelOptions = {}): Promise<Method> {
  return anyModelMethod(await readAnyModel(path), options)
}
