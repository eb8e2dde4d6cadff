import { expect } from 'vitest'

/** Lists longer than this are held by their sums. */
const LIST = 12

/** What is told of a result: small enough to be read, and other for another result. */
export function condensed(value: unknown): unknown {
  if (Array.isArray(value)) {
    if (value.length <= LIST || !value.every((item) => typeof item === 'number')) return value.map(condensed)
    const sum = (of: (item: number) => number) => value.reduce<number>((total, item) => total + of(item), 0)
    // one that tells their order too
    const weighted = value.reduce<number>((total, item, i) => total + (i + 1) * item, 0) / value.length
    return { length: value.length, sum: sum((item) => item), absolute: sum(Math.abs), weighted }
  }
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, condensed(entry)]))
}

/** The words of a figure, how many marks of each kind and colour it has, and of each group of marks the sum of their coordinates. */
export function condensedFigure(svg: string): Record<string, unknown> {
  const drawing = svg.replace(/<(style|metadata|desc)[^>]*>[\s\S]*?<\/\1>/g, '')
  const count: Record<string, number> = {}
  for (const [, name] of drawing.matchAll(/<([a-z]+)/gi)) count[name] = (count[name] ?? 0) + 1
  for (const [, colour] of drawing.matchAll(/(?:fill|stroke)="([^"]*)"/g))
    count[colour] = (count[colour] ?? 0) + 1
  const marks = drawing.split(/<g\b/).map((group) => coordinates(group).toFixed(1))
  return { text: words(drawing.replace(/<\/?svg\b(?:"[^"]*"|[^">])*>/g, '')), count, marks: marks.join(' ') }
}

function coordinates(drawing: string): number {
  let sum = 0
  for (const [, text] of drawing.matchAll(
    / (?:d|points|x|y|x1|x2|y1|y2|cx|cy|r|width|height|transform)="([^"]*)"/g,
  ))
    for (const [number] of text.matchAll(/-?\d+(?:\.\d+)?(?:e[-+]?\d+)?/gi)) sum += Math.abs(Number(number))
  return sum
}

/** What a page says, without its figures. */
export function words(html: string): string[] {
  return html
    .replace(/<(style|script|svg)[^>]*>[\s\S]*?<\/\1>/g, '')
    .split(/<[^>]*>/)
    .map((text) => text.replace(/\s+/g, ' ').trim())
    .filter((text) => text !== '')
}

const NUMBER = /([-−]?\d+(?:\.\d+)?(?:e[-+]?\d+)?)/i

/** The same but for the last digits of numbers, which are those of the machine, in text too. */
export function expectNear(found: unknown, wanted: unknown, path = ''): void {
  if (typeof wanted === 'number' && typeof found === 'number') {
    expect(Math.abs(found - wanted), `${path}: ${found}, was ${wanted}`).toBeLessThanOrEqual(
      0.01 * Math.abs(wanted) + 1e-9,
    )
  } else if (typeof wanted === 'string' && typeof found === 'string') {
    const [now, before] = [found.split(NUMBER), wanted.split(NUMBER)]
    const plain = (parts: readonly string[]) => parts.filter((_, i) => i % 2 === 0)
    expect(plain(now), path).toEqual(plain(before))
    for (let i = 1; i < before.length; i += 2) expectNearText(now[i], before[i], `${path}: ${found}`)
  } else if (typeof wanted === 'object' && wanted !== null && typeof found === 'object' && found !== null) {
    expect(Object.keys(found), path).toEqual(Object.keys(wanted))
    for (const [name, entry] of Object.entries(wanted))
      expectNear((found as Record<string, unknown>)[name], entry, `${path}/${name}`)
  } else expect(found, path).toEqual(wanted)
}

/** A number as text may be another by one in its last place too. */
function expectNearText(found: string, wanted: string, path: string): void {
  const [now, before] = [found, wanted].map((text) => Number(text.replace('−', '-')))
  const place =
    10 ** -(/\.(\d+)/.exec(wanted)?.[1].length ?? 0) * 10 ** Number(/e(.*)/i.exec(wanted)?.[1] ?? 0)
  const whole = /^[-−]?\d+$/.test(wanted) && Math.abs(before) < 100
  const slack = whole ? 0 : 0.01 * Math.abs(before) + 1.001 * place
  expect(Math.abs(now - before), `${path}, where ${wanted} was`).toBeLessThanOrEqual(slack)
}
