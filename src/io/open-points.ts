import { csvSource } from './csv-source.ts'
import { npySource } from './npy-source.ts'
import { memorySource, type PointSource } from './point-source.ts'
import { readPoints } from './points-files.ts'

// a file of this size is held in memory whole
const SMALL = 2 ** 24

/**
 * The points in a .json, .npy or .csv file. Large .npy files in C order and large .csv files are read a part at a time,
 * others at once.
 *
 * @throws InputError as `readPoints` does, of a large file only for its beginning
 */
export async function openPoints(path: string): Promise<PointSource> {
  const { stat } = await import('node:fs/promises')
  const status = await stat(path).catch(() => null)
  if (status?.isFile() && status.size > SMALL) {
    if (/\.csv$/i.test(path)) return csvSource(path, status.size)
    const source = /\.npy$/i.test(path) ? await npySource(path, status.size) : null
    if (source !== null) return source
  }
  return memorySource(await readPoints(path))
}
