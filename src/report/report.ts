import { InputError } from '../errors.ts'
import type { Figure } from '../figures/figure.ts'
import { escapeXml } from '../figures/text.ts'
import { version } from '../version.ts'
import { type ErrorSeries, embedErrors } from './error-series.ts'
import { pageScript, pageScriptHash } from './generated/page-script.ts'
import { embedJson, ofMethods, scrolled, tableHtml } from './markup.ts'
import type { CompareResults } from './results.ts'
import { resultsSection } from './results-table.ts'
import { figureStyle, reportStyle } from './style.ts'

export interface ReportTable {
  readonly caption: string
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
  /** Columns of words, by number; the others hold numbers */
  readonly words?: readonly number[]
  /** The method of each row, which goes when that is switched off */
  readonly methods?: readonly string[]
}

/** Plain text, or what is said of one method, which goes when that is switched off. */
export type ReportParagraph = string | { readonly method: string; readonly text: string }

export interface ReportSection {
  readonly heading: string
  readonly paragraphs?: readonly ReportParagraph[]
  readonly figures?: readonly Figure[]
  readonly table?: ReportTable
}

export interface Report {
  readonly title: string
  /** The equation that the page is about, with what its letters are, in plain text */
  readonly equation?: string
  readonly sections: readonly ReportSection[]
  /** Of a comparison: shown as the first table, and held whole in the page: <script type="application/json" id="results"> */
  readonly results?: CompareResults
  /** Of any other experiment: what the page holds whole, with no table made of it */
  readonly data?: unknown
  /** Facts for the head of the page, such as the command and the version */
  readonly meta: Readonly<Record<string, string>>
  /** Errors over space and time, to be pointed at in the place of one of the figures */
  readonly errors?: ErrorSeries
}

/**
 * One HTML page that needs no other file and no network. All strings are taken as plain text. It is whole without its script,
 * which adds the values under the pointer, switches for the methods, the time slider and the choice of dark or light; the page's
 * policy lets no other script run.
 *
 * @throws InputError when two figures have the same name (their ids would clash), or the errors do not fit their grid
 */
export function reportHtml(report: Report): string {
  const { title, equation, sections, results, data, meta, errors } = report
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
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src '${pageScriptHash}'; style-src 'unsafe-inline'; img-src data:">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    `<title>${escapeXml(title)}</title>`,
    `<style>${reportStyle}${figureStyle}</style>`,
    '</head>',
    '<body>',
    `<header><p class="note">consistency-pde ${version}</p><h1>${escapeXml(title)}</h1>`,
    equation === undefined ? '' : `<p class="equation">${escapeXml(equation)}</p>`,
    facts.length > 0 ? `<dl>${facts.join('')}</dl>` : '',
    `<nav aria-label="Sections"><ul>${links.join('')}</ul></nav></header>`,
    '<main>',
    results ? resultsSection(results) : '',
    ...sections.map((section, i) => sectionHtml(section, i + 1)),
    '</main>',
    jsonElement('results', results ?? data ?? null),
    errors ? jsonElement('errors', embedErrors(errors)) : '',
    `<script>${pageScript}</script>`,
    '</body>',
    '</html>\n',
  ].join('\n')
}

function jsonElement(id: string, value: unknown): string {
  return `<script type="application/json" id="${id}">${embedJson(value)}</script>`
}

function checkNames(figures: readonly Figure[]): void {
  const names = new Set<string>()
  for (const { name } of figures) {
    if (names.has(name))
      throw new InputError('figure name', name, 'a name that no other figure of the page has')
    names.add(name)
  }
}

function sectionHtml(section: ReportSection, i: number): string {
  const { heading, paragraphs = [], figures = [], table } = section
  const { words = [], methods } = table ?? {}
  const plain = table?.rows.map((row, k) => {
    const [first = '', ...rest] = row
    const cells = rest.map(
      (cell, i) => `<td class="${words.includes(i + 1) ? 'words' : 'number'}">${escapeXml(cell)}</td>`,
    )
    return `<tr${methods ? ofMethods([methods[k]]) : ''}><th scope="row">${escapeXml(first)}</th>${cells.join('')}</tr>`
  })
  return [
    `<section id="section-${i}" aria-labelledby="heading-${i}"><h2 id="heading-${i}">${escapeXml(heading)}</h2>`,
    ...paragraphs.map((paragraph) =>
      typeof paragraph === 'string'
        ? `<p>${escapeXml(paragraph)}</p>`
        : `<p${ofMethods([paragraph.method])}>${escapeXml(paragraph.text)}</p>`,
    ),
    table && plain ? scrolled(table.caption, tableHtml(table.caption, table.head, plain, words)) : '',
    ...figures.map(
      (figure) =>
        `<figure data-figure="${escapeXml(figure.name)}">${scrolled(figure.title, figure.svg.trim(), 'card')}<figcaption>${escapeXml(figure.caption)}</figcaption></figure>`,
    ),
    '</section>',
  ].join('\n')
}
