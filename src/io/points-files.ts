import { type Points, type PointsLike, toPoints } from '../points/points.ts'
import { writeFileAtomic } from './atomic-write.ts'
import { BadInput } from './bad-input.ts'
import { formatCsv, parseCsv } from './csv.ts'
import { formatNpy, parseNpy } from './npy.ts'
import { formatPointsJson, parsePointsJson } from './points-json.ts'
import { readBytes } from './read-bytes.ts'
import { decodeText } from './text.ts'

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
