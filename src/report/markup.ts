import { escapeXml } from '../figures/text.ts'

/** @param rows finished elements; caption and head are text */
export function tableHtml(
  caption: string,
  head: readonly string[],
  rows: readonly string[],
  words: readonly number[] = [],
): string {
  const cells = head.map(
    (cell, i) => `<th scope="col"${words.includes(i) ? ' class="words"' : ''}>${escapeXml(cell)}</th>`,
  )
  return [
    `<table><caption>${escapeXml(caption)}</caption>`,
    `<thead><tr>${cells.join('')}</tr></thead>`,
    `<tbody>${rows.join('\n')}</tbody></table>`,
  ].join('\n')
}

/** Wide content that can be scrolled with the keyboard too. */
export function scrolled(label: string, content: string, kind: 'wide' | 'card' = 'wide'): string {
  return `<section class="${kind}" aria-label="${escapeXml(label)}" tabindex="0">${content}</section>`
}

/** The attribute by which an element goes when all these methods are switched off. */
export function ofMethods(methods: readonly string[]): string {
  return ` data-methods="${escapeXml(JSON.stringify(methods))}"`
}

const ESCAPES: Readonly<Record<string, string>> = {
  '<': '\\u003c',
  '>': '\\u003e',
  '&': '\\u0026',
  '\u2028': '\\u2028',
  '\u2029': '\\u2029',
}

/** JSON that can stand inside a script element: no character of it can end the element or begin a comment. */
export function embedJson(value: unknown): string {
  return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (character) => ESCAPES[character] ?? '')
}
