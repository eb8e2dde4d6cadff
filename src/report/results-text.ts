import { columns, isSmallest, remark } from './columns.ts'
import { oneLine } from './format.ts'
import type { MethodResult } from './results.ts'

/**
 * The results as an aligned table for a terminal: one line a method, numbers flush right, `*` after the smallest
 * number of a column (the Gaussian baseline left out), and a remark where a method does not beat the baseline.
 */
export function resultsText(rows: readonly MethodResult[]): string {
  const marked = (row: MethodResult) =>
    columns.map((column) => {
      if (column.compared === undefined) return column.text(row)
      return `${column.text(row)}${isSmallest(row, column, rows) ? '*' : ' '}`
    })
  const head = [
    'method',
    ...columns.map((column) => column.heading + (column.compared ? ' ' : '')),
    'target',
    '',
  ]
  const body = rows.map((row) => [oneLine(row.method), ...marked(row), row.target, remark(row)])
  const widths = head.map((cell, i) => Math.max(...[head, ...body].map((line) => length(line[i] ?? cell))))
  const last = columns.length
  const lines = [head, ...body].map((line) =>
    line
      .map((cell, i) => {
        const air = ' '.repeat((widths[i] as number) - length(cell))
        return i === 0 || i > last ? cell + air : air + cell
      })
      .join('  ')
      .trimEnd(),
  )
  const rule = '─'.repeat(Math.max(...lines.map(length)))
  return [
    lines[0],
    rule,
    ...lines.slice(1),
    '',
    '* smallest of its column, the Gaussian baseline left out',
    '',
  ].join('\n')
}

function length(text: string): number {
  return [...text].length
}
