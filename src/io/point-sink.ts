import type { Points } from '../points/points.ts'
import { AtomicFile } from './atomic-write.ts'
import { formatCsv } from './csv.ts'
import { npyHeader, npyValues } from './npy.ts'
import { pointsFormat } from './points-files.ts'
import { formatRows } from './points-json.ts'

/** A point file that is written a part at a time, and is there whole or not at all. */
export interface PointSink {
  write(X: Points): Promise<void>
  /** The file gets its name. */
  finish(): Promise<void>
  /** Nothing remains of it, unless it has its name already. */
  discard(): Promise<void>
}

/**
 * A .json, .npy or .csv file to be written, once there is a first part. Its bytes are those that `writePoints` gives.
 *
 * @throws InputError when the extension is unknown; writing, when the file cannot be written
 */
export function createPoints(path: string, dimension: number): PointSink {
  const { extension } = pointsFormat(path)
  let file: AtomicFile | null = null
  let rows = 0

  async function begin(): Promise<AtomicFile> {
    const created = await AtomicFile.create(path)
    // a header has the same length whatever the number of rows
    if (extension === '.npy') await created.write(npyHeader(0, dimension))
    return created
  }

  return {
    async write(X) {
      file ??= await begin()
      if (extension === '.npy') await file.write(npyValues(X))
      else if (extension === '.csv') await file.write(formatCsv(X))
      else await file.write(`${rows === 0 ? '[\n' : ',\n'}${formatRows(X, (row) => `[${row}]`).join(',\n')}`)
      rows += X.shape[0]
    },
    async finish() {
      file ??= await begin()
      if (extension === '.npy') await file.write(npyHeader(rows, dimension), 0)
      else if (extension === '.json') await file.write('\n]\n')
      await file.finish()
    },
    async discard() {
      await file?.discard()
    },
  }
}
