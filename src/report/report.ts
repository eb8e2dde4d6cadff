import { InputError } from '../errors.ts'
import type { Figure } from '../figures/figure.ts'
import { escapeXml } from '../figures/text.ts'
import { columns, isSmallest, remark } from './columns.ts'
import { embedJson } from './embed-json.ts'
import { oneLine } from './format.ts'
import type { CompareResults, MethodResult } from './results.ts'
import { reportStyle } from './style.ts'

export interface ReportTable {
  readonly caption: string
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

export interface ReportSection {
  readonly heading: string
  /** Plain text */
  readonly paragraphs?: readonly string[]
  readonly figures?: readonly Figure[]
  readonly table?: ReportTable
}

export interface Report {
  readonly title: string
  readonly sections: readonly ReportSection[]
  /** Of a comparison: shown as the first table, and held whole in the page: <script type="application/json" id="results"> */
  readonly results?: CompareResults
  /** Of any other experiment: what the page holds whole, with no table made of it */
  readonly data?: unknown
  /** Facts for the head of the page, such as the command and the version */
  readonly meta: Readonly<Record<string, string>>
}

/**
 * One HTML page that needs no other file, no network and no script. All strings are taken as plain text.
 *
 * @throws InputError when two figures have the same name (their ids would clash)
 */
export function reportHtml(report: Report): string {
  const { title, sections, results, data, meta } = report
  checkNames(sections.flatMap((section) => section.figures ?? []))
  const facts = Object.entries(meta).map(
    ([key, value]) => `<div><dt>${escapeXml(key)}</dt><dd>${escapeXml(value)}</dd></div>`,
  )
  const first = results ? 0 : 1
  const links = [...(results ? ['Results'] : []), ...sections.map((section) => section.heading)].map(
    (heading, i) => `<li><a href="#section-${i + first}">${escapeXml(heading)}</a></li>`,
  )
  return [
    '<!DOCTYPE html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    `<title>${escapeXml(title)}</title>`,
    `<style>${reportStyle}</style>`,
    '</head>',
    '<body>',
    `<header><h1>${escapeXml(title)}</h1>`,
    facts.length > 0 ? `<dl>${facts.join('')}</dl>` : '',
    `<nav aria-label="Sections"><ul>${links.join('')}</ul></nav></header>`,
    '<main>',
    results ? resultsSection(results) : '',
    ...sections.map((section, i) => sectionHtml(section, i + 1)),
    '</main>',
    `<script type="application/json" id="results">${embedJson(results ?? data)}</script>`,
    '</body>',
    '</html>\n',
  ].join('\n')
}

function checkNames(figures: readonly Figure[]): void {
  const names = new Set<string>()
  for (const { name } of figures) {
    if (names.has(name))
      throw new InputError('figure name', name, 'a name that no other figure of the page has')
    names.add(name)
  }
}

function resultsSection({ methods }: CompareResults): string {
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
    return `<tr${row.beatsBaseline === false ? ' class="loses"' : ''}>${name}${cells.join('')}<td>${row.target}</td></tr>`
  })
  return tableHtml('Errors and costs of each method', head, body)
}

function tableHtml(caption: string, head: readonly string[], rows: readonly string[]): string {
  const cells = head.map((cell) => `<th scope="col">${escapeXml(cell)}</th>`)
  return [
    `<table><caption>${escapeXml(caption)}</caption>`,
    `<thead><tr>${cells.join('')}</tr></thead>`,
    `<tbody>${rows.join('\n')}</tbody></table>`,
  ].join('\n')
}

function sectionHtml(section: ReportSection, i: number): string {
  const { heading, paragraphs = [], figures = [], table } = section
  const plain = table?.rows.map((row) => {
    const [first = '', ...rest] = row
    const cells = rest.map((cell) => `<td class="number">${escapeXml(cell)}</td>`)
    return `<tr><th scope="row">${escapeXml(first)}</th>${cells.join('')}</tr>`
  })
  return [
    `<section id="section-${i}" aria-labelledby="heading-${i}"><h2 id="heading-${i}">${escapeXml(heading)}</h2>`,
    ...paragraphs.map((text) => `<p>${escapeXml(text)}</p>`),
    table && plain ? scrolled(table.caption, tableHtml(table.caption, table.head, plain)) : '',
    ...figures.map(
      (figure) =>
        `<figure>${scrolled(figure.title, figure.svg.trim(), 'card')}<figcaption>${escapeXml(figure.caption)}</figcaption></figure>`,
    ),
    '</section>',
  ].join('\n')
}

// reachable with the keyboard, so that wide content can be scrolled without a mouse
function scrolled(label: string, content: string, kind = 'wide'): string {
  return `<section class="${kind}" aria-label="${escapeXml(label)}" tabindex="0">${content}</section>`
}
