import { type Points, points, rowMajor } from '../points/points.ts'
import { BadInput } from './bad-input.ts'
import { decodeText, numberText, readBytes } from './read-file.ts'

const DEEPEST = 100

/**
 * The value of a JSON text.
 *
 * @param name what to call the file in an error
 * @throws InputError when the text is empty, is not JSON, or nests deeper than 100 levels
 */
export function parseJson(text: string, name: string): unknown {
  if (text.trim() === '') throw new BadInput(name, 'is empty', 'JSON')
  checkDepth(text, name)
  try {
    return JSON.parse(text)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw new BadInput(name, `is not JSON (${reason(error, text)})`, 'a valid JSON file')
  }
}

/**
 * The value of a JSON file.
 *
 * @throws InputError naming the file when it is missing, a folder, unreadable, empty or no JSON
 */
export async function readJson(path: string): Promise<unknown> {
  return parseJson(decodeText(await readBytes(path), path), path)
}

/** A time as JSON has it: ∞ as the word "Infinity", which JSON has no number for. */
export function timeInJson(time: number): number | 'Infinity' {
  return time === Infinity ? 'Infinity' : time
}

// JSON.parse itself stands any depth, what walks its result later does not
function checkDepth(text: string, name: string): void {
  let depth = 0
  let quoted = false
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (quoted) {
      if (code === 0x5c) i++
      else if (code === 0x22) quoted = false
    } else if (code === 0x22) quoted = true
    else if (code === 0x5b || code === 0x7b) {
      if (++depth > DEEPEST)
        throw new BadInput(name, `nests deeper than ${DEEPEST} levels`, 'a plain JSON file')
    } else if (code === 0x5d || code === 0x7d) depth--
  }
}

// V8's reason with a line number, without the excerpt of the file that it adds
function reason(error: SyntaxError, text: string): string {
  const [what] = error.message.split(/,? (?:\.\.\.)?"| in JSON| at position/)
  const position = /at position (\d+)/.exec(error.message)?.[1]
  return position === undefined
    ? what
    : `${what} in line ${text.slice(0, Number(position)).split('\n').length}`
}

/**
 * Points from a JSON text that holds an array of rows, such as `[[0, 1], [2, 3]]`. Every double is read exactly.
 *
 * @param name what to call the file in an error
 * @returns shape [n, d], n ≥ 1, d ≥ 1
 * @throws InputError when the text is no such array, a row has another length than the first, or a value is not a
 * finite number
 */
export function parsePointsJson(text: string, name = 'the points'): Points {
  const rows = parseJson(text, name)
  if (!Array.isArray(rows)) throw new BadInput(name, `holds ${kindOf(rows)}`, 'an array of rows of numbers')
  if (rows.length === 0) throw new BadInput(name, 'holds no points', 'at least one row')
  const dimension = Array.isArray(rows[0]) ? rows[0].length : 0
  const data = new Float64Array(rows.length * dimension)
  for (let i = 0; i < rows.length; i++) {
    const row: unknown = rows[i]
    if (!Array.isArray(row))
      throw new BadInput(name, `has ${kindOf(row)} in place of row ${i + 1}`, 'an array of rows of numbers')
    if (row.length === 0) throw new BadInput(name, `has no numbers in row ${i + 1}`, 'at least one')
    if (row.length !== dimension)
      throw new BadInput(
        name,
        `has a row ${i + 1} of length ${row.length}`,
        `length ${dimension} as in row 1`,
      )
    for (let j = 0; j < dimension; j++) {
      const value: unknown = row[j]
      if (typeof value !== 'number' || !Number.isFinite(value))
        throw new BadInput(name, `has ${kindOf(value)} in row ${i + 1}, column ${j + 1}`, 'a finite number')
      data[i * dimension + j] = value
    }
  }
  return points(data, dimension)
}

/** The points as a JSON array of rows, one row a line. Every finite double reads back exactly. */
export function formatPointsJson(X: Points): string {
  return `[\n${formatRows(X, (row) => `[${row}]`).join(',\n')}\n]\n`
}

/** The rows of X as text: numbers joined by commas, each row passed through `wrap`. */
export function formatRows(X: Points, wrap: (row: string) => string): string[] {
  const [n, d] = X.shape as [number, number]
  const data = rowMajor(X)
  return Array.from({ length: n }, (_, i) =>
    wrap(Array.from(data.subarray(i * d, (i + 1) * d), numberText).join(',')),
  )
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an array'
  if (typeof value === 'number')
    return Number.isFinite(value) ? `the number ${value}` : 'a number beyond 1.8e308'
  return typeof value === 'object'
    ? 'an object'
    : `the ${typeof value === 'string' ? 'text' : 'value'} ${JSON.stringify(value)}`
}
