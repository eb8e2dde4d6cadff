import { CsvError, parse } from 'csv-parse/sync'
import { InputError } from '../errors.ts'
import { type Points, points } from '../points/points.ts'
import { BadInput } from './bad-input.ts'
import { formatRows } from './json.ts'
import { parseNumber } from './read-file.ts'

/** What a CSV file holds. */
interface CsvTable {
  /** shape [n, d] */
  readonly points: Points
  /** The names of the d columns; column 1, column 2, … in a file without a header row. */
  readonly columns: readonly string[]
  /** Rows left out because a cell of a chosen column is empty. */
  readonly skipped: number
  /** Whether the first row has the names of the columns. */
  readonly header: boolean
}

interface CsvOptions {
  /** Names of the columns to take, in this order. Default: all. Needs a header row. */
  readonly columns?: readonly string[]
  /** What to call the file in an error. */
  readonly name?: string
  /** What to say is expected of a cell that is no number. Default: a finite number. */
  readonly expected?: string
  /**
   * A table as other programs write them: separated by semicolons or tabs (with decimal commas, if it likes), with NA, NaN, null and the
   * like for an empty cell, behind a line `sep=;`. Default false: commas, and empty cells alone are empty.
   */
  readonly anyDialect?: boolean
  /** Every row counts: one with an empty cell is refused, not left out. Default false. */
  readonly whole?: boolean
}

const COMMAS: Dialect = { delimiter: ',', lines: 0 }

/**
 * Numbers from a CSV text. The first row is a header when none of its cells is a number (or when it holds all the
 * names asked for). A row with an empty cell in a chosen column is skipped and counted.
 *
 * @returns points of shape [n, d], n ≥ 1
 * @throws InputError naming line and column for text that is no finite number, ragged rows, broken quotes, columns
 * that do not exist, and a file without rows
 * @example parseCsv('a,b\n1,2\n', { columns: ['b'] }).points // [[2]]
 */
export function parseCsv(text: string, options: CsvOptions = {}): CsvTable {
  const name = options.name ?? 'the CSV text'
  const { anyDialect = false } = options
  const dialect = anyDialect ? findDialect(text) : COMMAS
  const body = dialect.lines > 0 ? withoutSeparatorLine(text) : text
  const rows = withDecimalPoints(parseRows(body, name, dialect.lines, dialect), dialect.delimiter, name)
  const isEmpty = anyDialect ? isNotAvailable : (cell: string) => cell === ''
  const first = rows[0]?.record.map((cell) => cell.trim())
  if (first === undefined) throw new BadInput(name, 'is empty', 'rows of numbers')
  const chosen = options.columns
  if (chosen?.length === 0) throw new InputError('columns', chosen, 'at least one name')
  const header = chosen?.every((column) => first.includes(column)) === true || isHeader(first)
  const names = header ? first : first.map((_, j) => `column ${j + 1}`)
  const indices = chosen
    ? chosen.map((column) => find(column, header ? names : null, name))
    : names.map((_, j) => j)

  const values = header ? rows.slice(1) : rows
  const data = new Float64Array(values.length * indices.length)
  let length = 0
  let skipped = 0
  for (const row of values) {
    if (indices.some((j) => isEmpty(row.record[j].trim()))) skipped++
    else for (const j of indices) data[length++] = cellValue(row, j, name, options.expected)
  }
  if (length === 0) {
    const without =
      skipped === 0 ? 'has no rows of numbers' : `has an empty cell in each of its ${skipped} rows`
    throw new BadInput(name, without, 'at least one row of numbers')
  }
  if (options.whole && skipped > 0) throw skippedRows(name, skipped)
  return {
    points: points(data.slice(0, length), indices.length),
    columns: indices.map((j) => names[j]),
    skipped,
    header,
  }
}

/** The points as CSV without a header row. Every finite double reads back exactly. */
export function formatCsv(X: Points): string {
  return `${formatRows(X, (row) => row).join('\n')}\n`
}

/** The rows of a text that starts behind so many lines. */
export function parseRows(text: string, name: string, lines = 0, { delimiter }: Dialect = COMMAS): CsvRow[] {
  try {
    const rows = parse(text, {
      bom: true,
      info: true,
      skip_empty_lines: true,
      delimiter,
      record_delimiter: [...LINE_ENDS],
    }) as unknown as CsvRow[]
    if (lines === 0) return rows
    return rows.map(({ record, info }) => ({ record, info: { lines: info.lines + lines } }))
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    const line = typeof error.lines === 'number' ? ` in line ${error.lines + lines}` : ''
    if (error.code === 'CSV_RECORD_INCONSISTENT_FIELDS_LENGTH')
      throw new BadInput(name, `has rows of different lengths${line}`, 'as many cells as in the first row')
    throw new BadInput(name, `has broken quotes${line}`, 'comma-separated values')
  }
}

export function isHeader(cells: readonly string[]): boolean {
  const texts = cells.filter((cell) => cell !== '')
  return (
    texts.length > 0 &&
    texts.every((cell) => parseNumber(cell) === null && !/^[+-]?(?:nan|inf|infinity)$/i.test(cell))
  )
}

function find(column: string, names: readonly string[] | null, name: string): number {
  if (names === null)
    throw new BadInput(name, 'has no header row', `one that names the column ${JSON.stringify(column)}`)
  const index = names.indexOf(column)
  if (index < 0)
    throw new BadInput(name, `has no column ${JSON.stringify(column)}`, `one of ${names.join(', ')}`)
  if (names.indexOf(column, index + 1) >= 0)
    throw new BadInput(name, `has two columns ${JSON.stringify(column)}`, 'different names')
  return index
}

/** The number in a cell. @throws InputError naming line and column where it is none */
export function cellValue(row: CsvRow, j: number, name: string, expected = 'a finite number'): number {
  const cell = row.record[j].trim()
  const value = parseNumber(cell)
  if (value !== null && Number.isFinite(value)) return value
  throw new BadInput(name, `has ${JSON.stringify(cell)} in line ${row.info.lines}, column ${j + 1}`, expected)
}

/** Row i of a result belongs to row i of its points: no row may be left out. */
export function skippedRows(name: string, skipped: number): BadInput {
  const rows = skipped === 1 ? '1 row' : `${skipped} rows`
  return new BadInput(name, `has ${rows} with an empty cell`, 'a number in every cell')
}

type Delimiter = ',' | ';' | '\t'

/** How the cells of a text are separated. */
export interface Dialect {
  readonly delimiter: Delimiter
  /** Lines before the rows that say so, as Excel writes `sep=;`. */
  readonly lines: number
}

/** A row of a text, cells as they stand there. */
export interface CsvRow {
  readonly record: readonly string[]
  readonly info: { readonly lines: number }
}

/** The endings of data tables. */
export const TABLE_FILE = /\.(?:csv|tsv|txt)$/i

/** Ends of lines, of which a text may have more than one kind. */
export const LINE_ENDS = ['\r\n', '\n', '\r'] as const

/** What stands for an empty cell in tables that R, pandas, SQL and spreadsheets write. */
const NOT_AVAILABLE = /^(?:|\.|-|\?|#?n\/?a|nan|null|none)$/i
const SEPARATOR_LINE = /^\ufeff?"?sep=([,;\t])"?(?:\r\n|\r|\n|$)/i
const DECIMAL_COMMA = /^\s*[+-]?\d*,\d+(?:e[+-]?\d+)?\s*$/i
const DECIMAL_POINT = /^\s*[+-]?\d*\.\d+(?:e[+-]?\d+)?\s*$/i
const THOUSANDS = /^\s*[+-]?[1-9]\d{0,2},\d{3}\s*$/

/**
 * What a first line `sep=` says, as Excel reads and writes it; else a tab or a semicolon when the first two rows have the same number of
 * them outside quotes, else a comma.
 */
export function findDialect(text: string): Dialect {
  const said = SEPARATOR_LINE.exec(text)?.[1] as Delimiter | undefined
  if (said !== undefined) return { delimiter: said, lines: 1 }
  const [first = '', second = first] = text.split(/\r\n|\r|\n/, 50).filter((line) => line.trim() !== '')
  for (const delimiter of ['\t', ';'] as const) {
    const count = (line: string) => line.replace(/"(?:[^"]|"")*"/g, '').split(delimiter).length - 1
    if (count(first) > 0 && count(first) === count(second)) return { delimiter, lines: 0 }
  }
  return { delimiter: ',', lines: 0 }
}

/** The text behind a line `sep=`. */
export function withoutSeparatorLine(text: string): string {
  return text.replace(SEPARATOR_LINE, '')
}

/**
 * The rows with points in place of decimal commas, as spreadsheets write them where semicolons or tabs separate.
 *
 * @throws InputError when the table has decimal points too, or where tabs separate and every comma may stand before thousands
 */
export function withDecimalPoints(
  rows: readonly CsvRow[],
  delimiter: Delimiter,
  name: string,
): readonly CsvRow[] {
  if (delimiter === ',') return rows
  let comma: string | null = null
  let clear: string | null = null
  let point: string | null = null
  for (const { record } of rows)
    for (const cell of record) {
      if (DECIMAL_POINT.test(cell)) point ??= cell
      if (!DECIMAL_COMMA.test(cell)) continue
      comma ??= cell
      if (!THOUSANDS.test(cell)) clear ??= cell
    }
  if (comma === null) return rows
  if (point !== null)
    throw new BadInput(name, `has both ${comma.trim()} and ${point.trim()}`, 'one decimal sign')
  if (delimiter === '\t' && clear === null)
    throw new BadInput(
      name,
      `has ${comma.trim()}, which may be a decimal number or thousands`,
      'decimal points',
    )
  return rows.map(({ record, info }) => ({
    record: record.map((cell) => (DECIMAL_COMMA.test(cell) ? cell.replace(',', '.') : cell)),
    info,
  }))
}

export function isNotAvailable(cell: string): boolean {
  return NOT_AVAILABLE.test(cell)
}
