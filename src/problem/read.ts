import { InputError } from '../errors.ts'
import { parseCsv } from '../io/csv.ts'
import { readJson } from '../io/json.ts'
import { readPoints } from '../io/points-files.ts'
import { readBytes } from '../io/read-bytes.ts'
import { decodeText } from '../io/text.ts'
import { pointsToRows } from '../points/points.ts'
import { createProblem } from './create.ts'
import type { Problem } from './problem.ts'
import { parseWith, problemSchema } from './specification.ts'

/**
 * The problem of a problem file; a file that holds it under "problem" is read too. A data file that it names is
 * read from the problem file's own folder and becomes part of the specification, so that a model or a worker thread
 * needs no file.
 *
 * @throws InputError naming the file, or the first key that does not fit
 */
export async function readProblem(path: string): Promise<Problem> {
  const json = await readJson(path)
  const specification = isObject(json) && 'problem' in json ? json.problem : json
  const spec = parseWith(problemSchema, specification, 'problem')
  if (spec.data.kind !== 'empirical' || spec.data.file === undefined) return createProblem(spec)
  const { file, columns, points, ...rest } = spec.data
  if (points) throw new InputError('problem.data', ['points', 'file'], 'points or a file, not both')
  const folder = /^(.*[/\\])?[^/\\]*$/.exec(path)?.[1] ?? ''
  const data = /^([/\\]|[A-Za-z]:)/.test(file) ? file : `${folder}${file}`
  return createProblem({ ...spec, data: { ...rest, points: await readRows(data, columns) } })
}

/** The rows of a data file: chosen columns of a .csv (rows with an empty cell left out), or any point file. */
export async function readRows(path: string, columns?: readonly string[]): Promise<number[][]> {
  if (!/\.csv$/i.test(path) || !columns) return pointsToRows(await readPoints(path))
  const table = parseCsv(decodeText(await readBytes(path), path), { name: path, columns: [...columns] })
  return pointsToRows(table.points)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
