export type Delimiter = ',' | ';' | '\t'

/** The endings of data tables. */
export const TABLE_FILE = /\.(?:csv|tsv|txt)$/i

/** What stands for an empty cell in tables that R, pandas, SQL and spreadsheets write. */
const NOT_AVAILABLE = /^(?:|\.|-|\?|#?n\/?a|nan|null|none)$/i

/** A tab or a semicolon when the first two rows have the same number of them outside quotes, else a comma. */
export function findDelimiter(text: string): Delimiter {
  const [first = '', second = first] = text.split(/\r?\n/, 50).filter((line) => line.trim() !== '')
  for (const delimiter of ['\t', ';'] as const) {
    const count = (line: string) => line.replace(/"(?:[^"]|"")*"/g, '').split(delimiter).length - 1
    if (count(first) > 0 && count(first) === count(second)) return delimiter
  }
  return ','
}

/** A cell with a decimal comma, as spreadsheets write it where semicolons separate, with a point in its place. */
export function withDecimalPoint(cell: string): string {
  return /^\s*[+-]?\d*,\d+(?:e[+-]?\d+)?\s*$/i.test(cell) ? cell.replace(',', '.') : cell
}

export function isNotAvailable(cell: string): boolean {
  return NOT_AVAILABLE.test(cell)
}
