import { type Points, points, rowMajor } from '../points/points.ts'
import { csvSource } from './csv-source.ts'
import { npySource } from './npy-source.ts'
import { readPoints } from './points-files.ts'

/** Points that are read a part at a time. */
export interface PointSource {
  readonly dimension: number
  /** How many rows there are, as far as is known before all of them are read. */
  rows(): number
  /**
   * All points in order, `rows` at a time, the rest last.
   *
   * @throws InputError at the first row that is not what it should be
   */
  parts(rows: number): AsyncIterable<Points>
}

// a file of this size is held in memory whole
const SMALL = 2 ** 24

/** Points that are in memory already. */
export function memorySource(X: Points): PointSource {
  const [n, dimension] = X.shape as [number, number]
  return {
    dimension,
    rows: () => n,
    async *parts(rows) {
      const x = rowMajor(X)
      for (let done = 0; done < n; done += rows)
        yield points(x.subarray(done * dimension, (done + rows) * dimension), dimension)
    },
  }
}

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
