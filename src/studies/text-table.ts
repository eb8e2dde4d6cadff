/** Aligned text: the first column flush left, the others flush right. */
export function textTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const length = (text: string) => [...text].length
  const all = [head, ...rows]
  const widths = head.map((_, i) => Math.max(...all.map((row) => length(row[i]))))
  const lines = all.map((row) =>
    row
      .map((cell, i) => {
        const air = ' '.repeat(widths[i] - length(cell))
        return i === 0 ? cell + air : air + cell
      })
      .join('  ')
      .trimEnd(),
  )
  return `${lines.join('\n')}\n`
}
