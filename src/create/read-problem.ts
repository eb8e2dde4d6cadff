import { InputError } from '../errors.ts'
import { encodeBase64 } from '../io/base64.ts'
import { TABLE_FILE } from '../io/csv.ts'
import { readJson } from '../io/json.ts'
import { readPoints } from '../io/points-files.ts'
import { decodeText, readBytes } from '../io/read-file.ts'
import { pointsToRows } from '../points/points.ts'
import type { Problem } from '../problem/problem.ts'
import type { NeuralSpec } from '../specification/data.ts'
import { type ProblemRecord, problemSchema } from '../specification/problem.ts'
import { parseWith } from '../specification/schema.ts'
import { closedFormProblem } from './closed-form-problem.ts'

/**
 * The problem of a specification. The modules of formulas and networks are loaded for problems that have them.
 *
 * @throws InputError naming the first key that does not fit
 */
export async function loadProblem(specification: ProblemRecord): Promise<Problem> {
  return closedFormProblem(specification) ?? (await import('./create-problem.ts')).parseProblem(specification)
}

/**
 * The problem of a problem file; a file that holds it under "problem" is read too. A data file or a model folder that it names is
 * read from the problem file's own folder and becomes part of the specification, so that a model or a worker thread
 * needs no file.
 *
 * @throws InputError naming the file, or the first key that does not fit
 */
export async function readProblem(path: string): Promise<Problem> {
  const json = await readJson(path)
  const specification = isObject(json) && 'problem' in json ? json.problem : json
  const spec = parseWith(problemSchema, specification, 'problem')
  const { data } = spec
  if (data.kind === 'neural') return loadProblem({ ...spec, data: await withNetwork(data, path) })
  if (data.kind !== 'empirical' || data.file === undefined) return loadProblem(spec)
  const { file, columns, points, ...rest } = data
  if (points) throw new InputError('problem.data', ['points', 'file'], 'points or a file, not both')
  const read = { ...spec, data: { ...rest, points: await readRows(beside(path, file), columns) } }
  return loadProblem(parseWith(problemSchema, read, 'problem'))
}

/** A path as it stands in the problem file: from the file's own folder. */
function beside(problem: string, path: string): string {
  const folder = /^(.*[/\\])?[^/\\]*$/.exec(problem)?.[1] ?? ''
  return /^([/\\]|[A-Za-z]:)/.test(path) ? path : `${folder}${path}`
}

/** With the network and the samples that it names. */
async function withNetwork(data: NeuralSpec, path: string): Promise<NeuralSpec> {
  const { model, bytes, network, samples } = data
  const whole =
    typeof samples === 'string' ? { ...data, samples: await readRows(beside(path, samples)) } : data
  if (model === undefined || bytes !== undefined || network !== undefined) return whole
  const { readPredictor } = await import('../nn/foreign/predictor-file.ts')
  const described = await readPredictor(beside(path, model))
  if (described === null) {
    const { modelToBytes, readModel } = await import('../nn/model.ts')
    return { ...whole, bytes: encodeBase64(modelToBytes(await readModel(beside(path, model)))) }
  }
  const { description, source } = described
  return {
    ...whole,
    network: { description, file: source.file, bytes: encodeBase64(source.bytes) },
  }
}

/**
 * The rows of a data file: chosen columns of a table (.csv, .tsv, .txt; rows with an empty cell left out), or any point file. An .npy file
 * may hold images of shape [n, height, width], a row each.
 */
export async function readRows(path: string, columns?: readonly string[]): Promise<number[][]> {
  if (/\.npy$/i.test(path)) {
    const { parseNpy } = await import('../io/npy.ts')
    return pointsToRows(parseNpy(await readBytes(path), path, { images: true }))
  }
  if (!TABLE_FILE.test(path)) return pointsToRows(await readPoints(path))
  const { parseCsv } = await import('../io/csv.ts')
  const table = parseCsv(decodeText(await readBytes(path), path), {
    name: path,
    anyDialect: true,
    ...(columns ? { columns } : { whole: true }),
  })
  return pointsToRows(table.points)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
