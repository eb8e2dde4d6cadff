import { escapeXml } from '../figures/text.ts'
import { columns, isSmallest, remark } from './columns.ts'
import { oneLine } from './format.ts'
import { ofMethods, scrolled, tableHtml } from './markup.ts'
import type { CompareResults, MethodResult } from './results.ts'

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
