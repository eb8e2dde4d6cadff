import { escapeXml } from '../figures/text.ts'
import { formatCount, formatNumber, formatWithError, nothing, oneLine } from './format.ts'
import { ofMethods, scrolled, tableHtml } from './markup.ts'
import type { CompareResults, MethodResult } from './results.ts'

/** A column of numbers of the results table, the same for the page and the terminal. */
interface Column {
  readonly heading: string
  /** What the numbers are, in a few words */
  readonly meaning: string
  readonly text: (row: MethodResult) => string
  /** The number that the smallest mark compares; without it nothing is marked */
  readonly compared?: (row: MethodResult) => number | null
}

export const columns: readonly Column[] = [
  {
    heading: 'relative error',
    meaning: 'root mean square of f̂ − f at T over the spread of the data, √(tr Cov), ± one standard error',
    text: (row) => formatWithError(row.relativeError, row.standardError),
    compared: (row) => row.relativeError,
  },
  {
    heading: 'over seeds',
    meaning:
      'smallest and largest relative error over the seeds of the training; the row is the seed in the middle',
    text: ({ seeds }) => {
      if (!seeds || seeds.length < 2) return nothing
      const errors = seeds.map(({ relativeError }) => relativeError)
      return `${formatNumber(Math.min(...errors), 2)} … ${formatNumber(Math.max(...errors), 2)}`
    },
  },
  {
    heading: 'median',
    meaning: 'median of |f̂ − f| over the same spread',
    text: (row) => formatNumber(row.medianError),
    compared: (row) => row.medianError,
  },
  {
    heading: 'without worst',
    meaning: 'relative error without the 0.1 % of points that contribute most',
    text: (row) => formatNumber(row.trimmedError),
    compared: (row) => row.trimmedError,
  },
  {
    heading: 'maximum',
    meaning: 'largest |f̂ − f| seen, over the same spread',
    text: (row) => formatNumber(row.maximumError),
    compared: (row) => row.maximumError,
  },
  {
    heading: 'certificate',
    meaning: 'bound on the relative error that needs no truth (networks only)',
    text: (row) => ((row.certificateReason ?? null) === null ? formatNumber(row.certificate) : 'no bound'),
    compared: (row) => ((row.certificateReason ?? null) === null ? row.certificate : null),
  },
  {
    heading: 'W₂',
    meaning: 'Wasserstein-2 distance between one-step samples and the data, in data units',
    text: (row) => formatNumber(row.wasserstein2),
  },
  {
    heading: 'evaluations',
    meaning: 'evaluations of the score at one point, training or other preparation included',
    text: (row) => formatCount(row.functionEvaluations),
  },
  {
    heading: 'seconds',
    meaning: 'seconds of computation, training or other preparation included',
    text: (row) => formatNumber(row.seconds),
  },
]

/** The Gaussian map: what every other method has to beat. */
export function isBaseline(row: MethodResult): boolean {
  return row.method === 'gaussian' || row.method.startsWith('gaussian:')
}

/** Whether the row holds the smallest number of the column; the baseline neither wins nor counts. */
export function isSmallest(row: MethodResult, column: Column, rows: readonly MethodResult[]): boolean {
  const own = column.compared?.(row)
  if (own === undefined || own === null || !Number.isFinite(own) || isBaseline(row)) return false
  return rows.every((other) => {
    const value = isBaseline(other) ? null : (column.compared?.(other) ?? null)
    return value === null || Number.isNaN(value) || own <= value
  })
}

/** What is worth saying about a row beside its numbers; empty when there is nothing. */
export function remark(row: MethodResult): string {
  if (isBaseline(row)) return 'baseline'
  return row.beatsBaseline === false ? 'does not beat the Gaussian baseline' : ''
}

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

/** The table of a comparison, what it says against the baseline, and how to read it. */
export function resultsSection({ methods }: CompareResults): string {
  const losers = methods.filter((row) => row.beatsBaseline === false).map((row) => oneLine(row.method))
  const verdict =
    losers.length === 0
      ? ''
      : `<p><strong>Not better than the Gaussian map:</strong> ${escapeXml(losers.join(', '))}. The Gaussian map, which is exact for Gaussian data of the same mean and covariance, costs next to nothing and is nearer to the truth than these.</p>`
  const terms = columns.map(
    (column) => `<dt>${escapeXml(column.heading)}</dt><dd>${escapeXml(column.meaning)}</dd>`,
  )
  return [
    '<section id="section-0" aria-labelledby="heading-0"><h2 id="heading-0">Results</h2>',
    scrolled('Results of each method', resultsTable(methods)),
    '<p class="note">* smallest of its column, the Gaussian baseline left out</p>',
    verdict,
    '<h3>How to read this</h3>',
    '<p>Every method approximates the same function f(T, x): from a point of noise x to the point of data it came from along the ' +
      'probability-flow trajectory. The relative error compares a method with that function point by point; one large error in a thin layer ' +
      'between two modes of the data can dominate it, so look at the median as well. W₂ compares only the clouds of samples: a method can have ' +
      'a small W₂ and still send points to the wrong places, and a method with target “distribution” is not meant to do better. ' +
      'W₂ between finite samples is never zero: the value of the most accurate method shows how small it can get here.</p>',
    `<dl class="terms">${terms.join('')}</dl>`,
    '</section>',
  ].join('\n')
}

function resultsTable(rows: readonly MethodResult[]): string {
  const head = ['method', ...columns.map((column) => column.heading), 'target']
  const body = rows.map((row) => {
    const note = remark(row)
    const cells = columns.map((column) => {
      const text = escapeXml(column.text(row))
      return `<td class="number">${isSmallest(row, column, rows) ? `<strong>${text}<span class="star">*</span></strong>` : text}</td>`
    })
    const name = `<th scope="row">${escapeXml(oneLine(row.method))}${note === '' ? '' : `<span class="remark">${note}</span>`}</th>`
    const kind = row.beatsBaseline === false ? ' class="loses"' : ''
    return `<tr${kind}${ofMethods([row.method])}>${name}${cells.join('')}<td>${row.target}</td></tr>`
  })
  return tableHtml('Errors and costs of each method', head, body, [head.length - 1])
}
