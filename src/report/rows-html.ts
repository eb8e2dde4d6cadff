import { InputError } from '../errors.ts'
import { escapeXml } from '../figures/text.ts'
import { formatCount, formatNumber, oneLine } from './format.ts'

/** A row of a table: numbers, texts, and null where there is nothing. */
export type TableRow = Readonly<Record<string, number | string | boolean | null | undefined>>

/**
 * Rows as an HTML table, for notebooks and pages: the columns are the keys of the first row, numbers
 * that are not whole have three digits.
 *
 * @throws InputError without a row
 * @example display.html(rowsHtml([{ method: 'cd', 'relative error': 0.0029 }]))
 */
export function rowsHtml(rows: readonly TableRow[]): string {
  const [first] = rows
  if (first === undefined) throw new InputError('rows', rows, 'at least one row')
  const keys = Object.keys(first)
  const head = keys.map((key) => `<th scope="col">${escapeXml(key)}</th>`).join('')
  const body = rows.map((row) => `<tr>${keys.map((key) => cell(row[key])).join('')}</tr>`)
  return `<table><thead><tr>${head}</tr></thead><tbody>${body.join('\n')}</tbody></table>`
}

function cell(value: TableRow[string]): string {
  if (typeof value === 'string' || typeof value === 'boolean')
    return `<td style="text-align:left">${escapeXml(oneLine(String(value)))}</td>`
  const text = Number.isSafeInteger(value) ? formatCount(Number(value)) : formatNumber(value ?? null)
  return `<td style="text-align:right">${text}</td>`
}
