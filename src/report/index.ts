export { type ErrorSeries, type ErrorTime, stacked } from './error-series.ts'
export {
  type Report,
  type ReportParagraph,
  type ReportSection,
  type ReportTable,
  reportHtml,
} from './report.ts'
export type { CompareResults, MethodResult, SeedResult } from './results.ts'
export { resultsText } from './results-table.ts'
export { rowsHtml, type TableRow } from './rows-html.ts'
