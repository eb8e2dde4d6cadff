import type { Method } from '../../../src/consistency-function.ts'
import { loadModel, type ModelOptions } from '../model-method.ts'
import { loadNetwork, NETWORK_FILE } from './network-method.ts'

/**
 * A model folder, or the network of somebody else: whichever the path holds.
 *
 * @throws InputError naming the file that is missing or does not fit
 */
export async function loadAnyModel(path: string, options: ModelOptions = {}): Promise<Method> {
  const own = !/\.json$/i.test(path) && !(await exists(`${path}/${NETWORK_FILE}`))
  return own ? loadModel(path, options) : loadNetwork(path)
}

async function exists(path: string): Promise<boolean> {
  const { stat } = await import('node:fs/promises')
  return stat(path).then(
    () => true,
    () => false,
  )
}
