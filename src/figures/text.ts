import { bold, fontSize, ink } from './style.ts'

// Advance widths of DejaVu Sans in em, rounded up; Verdana has the same. Everything else counts as FALLBACK.
const WIDTHS: readonly (readonly [number, string])[] = [
  [0.28, "'ijl"],
  [0.32, 'IJ \u00a0,.·'],
  [0.36, '/:;\\|f'],
  [0.4, '-()[]t'],
  [0.42, '!r₀₁₂³¹⁰'],
  [0.5, '"*_`‖–'],
  [0.56, '∂?sz⁻Lc'],
  [0.6, 'Fkvxy'],
  [0.64, 'PTYaeoθ$0123456789ESbdghnpqu{}σ√'],
  [0.7, 'KABCRVXZ'],
  [0.76, 'UHN'],
  [0.84, '&DGOQw#+<=>^~−×±≤≥→↑∞'],
  [1, 'M%m@W…'],
]
const FALLBACK = 1
const BOLD_FACTOR = 1.13
const WIDTH_OF = new Map(
  WIDTHS.flatMap(([width, characters]) => [...characters].map((c) => [c, width] as const)),
)

/** Width in pixels of a line in the figures' font; never less than it is for Latin text. */
export function textWidth(text: string, size = fontSize, weight: 'normal' | 'bold' = 'normal'): number {
  let width = 0
  for (const character of text) width += WIDTH_OF.get(character) ?? FALLBACK
  return width * size * (weight === 'bold' ? BOLD_FACTOR : 1)
}

/**
 * Lines no wider than `width`: breaks at spaces; at no-break spaces only where a part between spaces is too long;
 * inside a word that is too long, after punctuation if there is some; and cuts a word that needs more than three lines.
 */
export function wrapText(
  text: string,
  width: number,
  size = fontSize,
  weight: 'normal' | 'bold' = 'normal',
): string[] {
  const fits = (part: string) => textWidth(part, size, weight) <= width
  const words = text
    .split(/[ \t\r\n]+/)
    .flatMap((part) => (fits(part) ? [part] : part.split('\u00a0')))
    .flatMap((word) => (fits(word) ? [word] : pieces(shorten(word, 2.5 * width, size, weight), fits)))
    .filter((word) => word !== '')
  const lines: string[] = []
  let line = ''
  for (const word of words) {
    const longer = line === '' ? word : `${line} ${word}`
    if (fits(longer)) {
      line = longer
      continue
    }
    if (line !== '') lines.push(line)
    line = word
  }
  if (line !== '') lines.push(line)
  return lines
}

function pieces(word: string, fits: (part: string) => boolean): string[] {
  const parts: string[] = []
  let rest = [...word]
  while (rest.length > 0) {
    let length = rest.length
    while (length > 1 && !fits(rest.slice(0, length).join(''))) length--
    const punctuation = rest.slice(0, length).findLastIndex((character) => /[:/_.,;+-]/.test(character)) + 1
    if (length < rest.length && punctuation > length / 2) length = punctuation
    parts.push(rest.slice(0, length).join(''))
    rest = rest.slice(length)
  }
  return parts
}

/** Text cut to `width`, with an ellipsis when something was cut. */
export function shorten(
  text: string,
  width: number,
  size = fontSize,
  weight: 'normal' | 'bold' = 'normal',
): string {
  if (textWidth(text, size, weight) <= width) return text
  const characters = [...text]
  while (characters.length > 1 && textWidth(`${characters.join('')}…`, size, weight) > width) characters.pop()
  return `${characters.join('')}…`
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text made safe for XML and HTML, inside an element or a quoted attribute. */
export function escapeXml(text: string): string {
  return legalXml(text).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '')
}

/** Drops the characters that XML 1.0 does not allow, not even escaped. */
export function legalXml(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to drop
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, '')
}

/** One line of SVG text; (x, y) is the start (or end, or middle) of its baseline. */
export function svgText(
  x: number,
  y: number,
  text: string,
  options: {
    size?: number
    weight?: 'normal' | 'bold'
    anchor?: 'start' | 'middle' | 'end'
    fill?: string
  } = {},
): string {
  const { size = fontSize, weight = 'normal', anchor = 'start', fill = ink } = options
  const heavy = weight === 'bold' ? ` font-weight="${bold}"` : ''
  return `<text x="${round(x)}" y="${round(y)}" font-size="${size}"${heavy} text-anchor="${anchor}" fill="${fill}">${escapeXml(text)}</text>`
}

/** Hundredths of a pixel are enough, and keep files small and equal across machines. */
export function round(value: number): number {
  return Math.round(value * 100) / 100
}

export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** Where a label is wanted: beside the point (x, y), in pixels. */
interface LabelRequest {
  readonly text: string
  readonly x: number
  readonly y: number
}

/** A label with the box it fills; (x, y) of the box is its upper left corner. */
interface PlacedLabel extends Box {
  readonly text: string
}

const HEIGHT = fontSize + 2
const GAP = 10

/**
 * Puts every label at the first free place around its point, within the frame: right, left, above, below, then
 * further out; null where no place is free, or nothing was wanted.
 */
export function placeLabels(
  requests: readonly (LabelRequest | null)[],
  frame: Box,
  taken: readonly Box[],
): (PlacedLabel | null)[] {
  const boxes: Box[] = [...taken]
  return requests.map((request) => {
    if (request === null || request.text === '') return null
    const width = textWidth(request.text)
    const box = candidates(request.x, request.y, width)
      .map(([left, top]) => ({ x: left, y: top, width, height: HEIGHT }))
      .find((candidate) => inside(candidate, frame) && !boxes.some((other) => overlap(candidate, other)))
    if (box === undefined) return null
    boxes.push(box)
    return { ...box, text: request.text }
  })
}

function candidates(x: number, y: number, width: number): (readonly [number, number])[] {
  const middle = y - HEIGHT / 2
  const places: (readonly [number, number])[] = []
  for (const out of [0, 10, 20]) {
    places.push(
      [x + GAP + out, middle],
      [x + GAP / 2, y - HEIGHT - 5 - out],
      [x + GAP / 2, y + 5 + out],
      [x - GAP - out - width, middle],
      [x - width / 2, y - HEIGHT - GAP - out],
      [x - width / 2, y + GAP + out],
    )
  }
  return places
}

function inside(box: Box, frame: Box): boolean {
  return (
    box.x >= frame.x &&
    box.y >= frame.y &&
    box.x + box.width <= frame.x + frame.width &&
    box.y + box.height <= frame.y + frame.height
  )
}

/** Whether two boxes share any area. */
export function overlap(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height
}
