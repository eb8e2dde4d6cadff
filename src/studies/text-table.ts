/**
 * Aligned text, two spaces or more between columns.
 *
 * @param words the columns that are flush left, by number; the others are flush right
 */
export function textTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  words: readonly number[] = [0],
): string {
  const length = (text: string) => [...text].length
  const all = [head, ...rows]
  const widths = head.map((_, i) => Math.max(...all.map((row) => length(row[i]))))
  const lines = all.map((row) =>
    row
      .map((cell, i) => {
        const air = ' '.repeat(widths[i] - length(cell))
        return words.includes(i) ? cell + air : air + cell
      })
      .join('  ')
      .trimEnd(),
  )
  return `${lines.join('\n')}\n`
}
