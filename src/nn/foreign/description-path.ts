import { BadInput } from '../../io/bad-input.ts'

/** The description in a folder of a network. */
export const NETWORK_FILE = 'network.json'

/**
 * The description of a network that a path means, itself or in its folder; null where it means a folder without one.
 *
 * @throws InputError for a file that is no description
 */
export async function descriptionPath(path: string): Promise<string | null> {
  if (/\.json$/i.test(path)) return path
  const { stat } = await import('node:fs/promises')
  const isFile = await stat(path).then(
    (status) => status.isFile(),
    () => false,
  )
  if (isFile)
    throw new BadInput(
      path,
      'is a file of weights or a graph, which does not say how f is made of it',
      'a description in JSON beside it, or the folder of both (docs/your-own-network.md)',
    )
  const file = `${path}/${NETWORK_FILE}`
  return stat(file).then(
    () => file,
    () => null,
  )
}
