import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { InputError } from '../../src/errors.ts'
import { figures } from '../../src/figures/index.ts'
import { formatCount, formatNumber, formatPercent, formatWithError } from '../../src/report/format.ts'
import { type Report, reportHtml, resultsText } from '../../src/report/index.ts'
import { embedJson } from '../../src/report/markup.ts'
import { awkward, certificates, maps, orders, samples, work } from '../figures/synthetic.ts'
import { results, row } from './synthetic.ts'

function report(extra: Partial<Report> = {}): Report {
  return {
    title: 'Report',
    meta: { seed: '7' },
    results: results(),
    sections: [
      {
        heading: 'Cost',
        paragraphs: ['a < b'],
        figures: [figures.errorAgainstWork(work()), figures.errorMaps(maps(2))],
      },
    ],
    ...extra,
  }
}

function embedded(html: string): unknown {
  return JSON.parse(
    /<script type="application\/json" id="results">([\s\S]*?)<\/script>/.exec(html)?.[1] ?? '',
  )
}

describe('report', () => {
  const html = reportHtml(report())

  it('needs nothing from outside and runs one script, that of its policy', () => {
    expect(html.match(/(?:src|href)="(?!#|data:)[^"]*"/g)).toBeNull()
    expect(html.replaceAll('xmlns="http://www.w3.org/2000/svg"', '')).not.toMatch(
      /https?:|@import|url\((?!#)/,
    )
    expect(html.match(/<script/g)).toHaveLength(2)
    const [, hash] = /script-src '(sha256-[^']+)'/.exec(html) ?? []
    const [, script] = /<script>([\s\S]*?)<\/script>/.exec(html) ?? []
    expect(hash).toBe(`sha256-${createHash('sha256').update(script).digest('base64')}`)
    expect(html).toContain('<html lang="en">')
    expect(html).toContain('prefers-color-scheme: dark')
  })

  it('is the same again', () => {
    expect(reportHtml(report())).toBe(html)
  })

  it('holds the results whole', () => {
    expect(embedded(html)).toEqual(results())
  })

  it('has one row a method, headings for rows and columns, and ids that are unique', () => {
    expect(html.match(/<th scope="row">/g)).toHaveLength(results().methods.length)
    const ids = [...html.matchAll(/ id="([^"]*)"/g)].map((match) => match[1])
    expect(new Set(ids).size).toBe(ids.length)
    for (const [, target] of html.matchAll(/href="#([^"]*)"/g)) expect(ids).toContain(target)
  })

  it('marks the smallest of each column, but never the baseline', () => {
    const rows = [...html.matchAll(/<tr.*?<\/tr>/g)].map((match) => match[0])
    const of = (method: string) => rows.find((part) => part.includes(`>${method}<`)) ?? ''
    expect(of('characteristics').match(/<strong>/g)).toHaveLength(3)
    expect(of('pinn')).toContain('<strong>8.54e-4<span class="star">*</span></strong>')
    expect(of('gaussian')).not.toContain('<strong>')
    expect(of('cd')).not.toContain('<strong>')
  })

  it('says which methods do not beat the Gaussian map', () => {
    expect(html.match(/does not beat the Gaussian baseline/g)).toHaveLength(1)
    expect(html).toContain('<strong>Not better than the Gaussian map:</strong> ct.')
    const good = { ...results(), methods: results().methods.filter((r) => r.method !== 'ct') }
    expect(reportHtml(report({ results: good }))).not.toContain('Not better than')
  })

  it('takes every string as text', () => {
    const nasty = reportHtml({
      title: awkward,
      meta: { [awkward]: awkward },
      results: results([row(awkward, 0.4)]),
      sections: [
        {
          heading: awkward,
          paragraphs: [awkward],
          figures: [figures.certificateByTime({ ...certificates(), title: awkward })],
          table: { caption: awkward, head: [awkward], rows: [[awkward, awkward]] },
        },
      ],
    })
    expect(nasty.match(/<script/g)).toHaveLength(2)
    expect(nasty.match(/<\/script/g)).toHaveLength(2)
    expect(nasty).not.toContain('<b>')
    expect(embedded(nasty)).toEqual(results([row(awkward, 0.4)]))
  })

  it('takes the names of data columns as text, in figures too', () => {
    const figure = figures.dataAndSamples({ ...samples(2), axes: [awkward, awkward] })
    const html = reportHtml(report({ sections: [{ heading: 'a', paragraphs: [], figures: [figure] }] }))
    expect(html.match(/<script/g)).toHaveLength(2)
    expect(figure.svg).not.toMatch(/<script|<b>/)
    expect(figure.svg).toContain('a&lt;b&gt;')
  })

  it('refuses two figures of one name', () => {
    const twice = [figures.convergence(orders()), figures.convergence(orders())]
    expect(() => reportHtml(report({ sections: [{ heading: 'a', figures: twice }] }))).toThrow(InputError)
  })
})

describe('table for the terminal', () => {
  const text = resultsText(results().methods)
  const lines = text.split('\n')

  it('aligns: the target starts in one column', () => {
    const rows = lines.slice(2, 2 + results().methods.length)
    const column = (lines[0] ?? '').indexOf('target')
    for (const [i, line] of rows.entries()) {
      expect(line.slice(column - 2, column)).toBe('  ')
      expect(line.slice(column).startsWith(results().methods[i]?.target ?? '?')).toBe(true)
    }
  })

  it('stars the smallest numbers and says who loses', () => {
    expect(lines.find((line) => line.startsWith('characteristics'))?.match(/\*/g)).toHaveLength(3)
    expect(lines.find((line) => line.startsWith('ct'))).toMatch(/does not beat the Gaussian baseline$/)
    expect(lines.find((line) => line.startsWith('gaussian'))).toMatch(/baseline$/)
  })

  it('prints no control characters of a name', () => {
    const printed = resultsText([row('evil\u001b[2J\r\n\u202ename', 0.1)])
    expect(printed.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202e]/u)
    expect(printed).toContain('evil [2J name')
  })
})

describe('numbers', () => {
  it('have three digits', () => {
    expect([0.02, 3.2e-11, 99_999, 123_456, 0, 12.345, 12_345, 0.001].map((v) => formatNumber(v))).toEqual([
      '0.0200',
      '3.20e-11',
      '100000',
      '1.23e5',
      '0',
      '12.3',
      '12300',
      '0.00100',
    ])
    expect(formatNumber(null)).toBe('–')
    expect(formatNumber(Number.NaN)).toBe('–')
    expect(formatNumber(Infinity)).toBe('∞')
    expect(formatWithError(1.91e-3, 1.2e-5)).toBe('0.00191 ± 1.2e-5')
    expect(formatWithError(1.91e-3, null)).toBe('0.00191')
    expect(formatCount(1_234_567)).toBe('1\u202f234\u202f567')
    expect([0.0061, 0.17, 1, 2e-6, null].map(formatPercent)).toEqual([
      '0.61 %',
      '17 %',
      '100 %',
      '2.0e-4 %',
      '–',
    ])
  })

  it('embed as JSON that cannot end its script element', () => {
    const value = { a: '</script><!-- & \u2028', b: [1e-300, null] }
    expect(embedJson(value)).not.toMatch(/[<>&\u2028]/)
    expect(JSON.parse(embedJson(value))).toEqual(value)
  })
})

it('figures are drawn in the colours of paper by day, and in others on dark', () => {
  const sheet = reportHtml(report())
  const values = Array.from(sheet.matchAll(/--figure-ink: (#[0-9a-f]+);/g), ([, colour]) => colour)
  const brightness = values.map((colour) => Number.parseInt(colour.slice(1, 3), 16))
  // those of figures as files are the first
  expect(values[0]).toBe('#1a1a1a')
  expect(Math.max(...brightness)).toBeGreaterThan(200)
})
