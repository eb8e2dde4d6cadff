import { type Points, type PointsLike, toPoints } from '../points/points.ts'
import { AtomicFile, writeFileAtomic } from './atomic-write.ts'
import { BadInput } from './bad-input.ts'
import { formatCsv, parseCsv } from './csv.ts'
import { formatPointsJson, formatRows, parsePointsJson } from './json.ts'
import { formatNpy, npyHeader, npyValues, parseNpy } from './npy.ts'
import { csvSource, memorySource, npySource, type PointSource } from './point-sources.ts'
import { decodeText, readBytes } from './read-file.ts'

interface PointsFormat {
  parse(bytes: Uint8Array, name: string): Points
  format(X: Points): string | Uint8Array
}

/** The formats of point files, by the extension of the file name. */
const pointsFormats: Readonly<Record<string, PointsFormat>> = {
  '.json': {
    parse: (bytes, name) => parsePointsJson(decodeText(bytes, name), name),
    format: formatPointsJson,
  },
  '.npy': { parse: parseNpy, format: formatNpy },
  '.csv': { parse: parseWholeCsv, format: formatCsv },
}

/**
 * The format of a point file by the extension of its name.
 *
 * @throws InputError when the extension is not .json, .npy or .csv
 */
export function pointsFormat(path: string): PointsFormat & { readonly extension: string } {
  const extension = /\.[^./\\]*$/.exec(path)?.[0].toLowerCase() ?? ''
  const format = Object.hasOwn(pointsFormats, extension) ? pointsFormats[extension] : undefined
  if (format !== undefined) return { ...format, extension }
  const problem = extension === '' ? 'has no extension' : `has the extension ${extension}`
  throw new BadInput(
    path === '' ? 'the empty file name' : path,
    problem,
    `a name that ends in ${Object.keys(pointsFormats).join(', ')}`,
  )
}

/**
 * The points in a .json (array of rows), .npy or .csv file.
 *
 * @returns shape [n, d], n ≥ 1, d ≥ 1
 * @throws InputError naming the file, and the row and column where there is one
 * @example const X = await readPoints('points.json')
 */
export async function readPoints(path: string): Promise<Points> {
  const format = pointsFormat(path)
  return format.parse(await readBytes(path), path)
}

/**
 * Writes points to a .json, .npy or .csv file, whole or not at all. All three keep every double exactly.
 *
 * @throws InputError when the extension is unknown or the file cannot be written
 */
export async function writePoints(path: string, X: PointsLike): Promise<void> {
  await writeFileAtomic(path, pointsFormat(path).format(toPoints(X)))
}

function parseWholeCsv(bytes: Uint8Array, name: string): Points {
  return parseCsv(decodeText(bytes, name), { name, whole: true }).points
}

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
