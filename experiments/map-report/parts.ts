import { formatNumber } from '../../src/report/format.ts'
import type { ReportSection } from '../../src/report/index.ts'

/** A part of an error, with how it is known. */
export interface ErrorPart {
  readonly part: string
  /** Relative, like every error; null where it is not known. */
  readonly size: number | null
  readonly known: string
}

/** What an error consists of. */
export function partsSection(parts: readonly ErrorPart[], paragraphs: readonly string[] = []): ReportSection {
  return {
    heading: 'What the error consists of',
    paragraphs,
    table: {
      caption: 'Parts of the error',
      head: ['part', 'relative error', 'how it is known'],
      words: [2],
      rows: parts.map(({ part, size, known }) => [
        part,
        size === null ? 'not known' : formatNumber(size),
        known,
      ]),
    },
  }
}
