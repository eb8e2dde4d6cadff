/** The description in a folder of a network. */
export const NETWORK_FILE = 'network.json'

/** The description of a network that a path means, itself or in its folder; null where it means a folder without one. */
export async function descriptionPath(path: string): Promise<string | null> {
  if (/\.json$/i.test(path)) return path
  const { stat } = await import('node:fs/promises')
  const file = `${path}/${NETWORK_FILE}`
  return stat(file).then(
    () => file,
    () => null,
  )
}
