import { BadInput } from './bad-input.ts'

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
