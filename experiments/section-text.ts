import type { ReportSection } from '../src/report/index.ts'
import { textTable } from '../src/studies/text-table.ts'

/** Sections of a page for a terminal: their sentences, and the caption and the rows of their tables. */
export function sectionText(...sections: readonly ReportSection[]): string {
  return sections
    .flatMap(({ paragraphs = [], table }) => [
      ...paragraphs.map((paragraph) => (typeof paragraph === 'string' ? paragraph : paragraph.text)),
      ...(table
        ? [`${table.caption}:`, textTable(table.head, table.rows, [0, ...(table.words ?? [])]).trimEnd()]
        : []),
    ])
    .join('\n\n')
}
