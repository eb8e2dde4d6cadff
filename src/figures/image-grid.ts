import { InputError } from '../errors.ts'
import { type Block, place } from './block.ts'
import { type Figure, makeFigure } from './figure.ts'
import { pngDataUri } from './raster.ts'
import { frameInk } from './style.ts'
import { round, svgText, textWidth, wrapText } from './text.ts'

/** Square grey images, one after another, upper row first: 0 is black and 1 white. */
export interface ImageRow {
  readonly label: string
  /** Drawn smaller, as what belongs to the row above */
  readonly minor?: boolean
  readonly images: ArrayLike<number>
}

export interface ImageGrid {
  readonly name: string
  readonly title: string
  readonly caption: string
  /** Pixels of a side of every image */
  readonly side: number
  readonly rows: readonly ImageRow[]
}

const LABEL_WIDTH = 150
const SIZE = 76
const MINOR_SIZE = 44
const GAP = 4
const GREYS = Array.from({ length: 256 }, (_, i) => `#${i.toString(16).padStart(2, '0').repeat(3)}`)

/** Rows of square images, each with a label at its left; values beyond 0 and 1 are drawn as these. */
export function imageGrid({ name, title, caption, side, rows }: ImageGrid): Figure {
  const pixels = side * side
  const counts = rows.map(({ images }) => images.length / pixels)
  if (rows.length === 0 || counts.some((count) => count !== counts[0] || !Number.isInteger(count)))
    throw new InputError('rows', counts, `the same number of images of ${pixels} pixels in every row`)
  const step = SIZE + GAP
  let y = 0
  let svg = ''
  for (const { label, minor = false, images } of rows) {
    const size = minor ? MINOR_SIZE : SIZE
    const lines = wrapText(label, LABEL_WIDTH - 12)
    const first = y + size / 2 + 4 - 7 * (lines.length - 1)
    svg += lines.map((line, i) => svgText(LABEL_WIDTH - 10 - textWidth(line), first + 14 * i, line)).join('')
    for (let k = 0; k < counts[0]; k++) {
      const indices = Uint8Array.from({ length: pixels }, (_, i) =>
        Math.round(255 * Math.min(1, Math.max(0, images[k * pixels + i]))),
      )
      const x = LABEL_WIDTH + k * step + (SIZE - size) / 2
      svg += `<image x="${round(x)}" y="${round(y)}" width="${size}" height="${size}" style="image-rendering:pixelated" href="${pngDataUri(indices, side, side, GREYS)}"/>`
      svg += `<rect x="${round(x)}" y="${round(y)}" width="${size}" height="${size}" fill="none" stroke="${frameInk}" stroke-width="0.5"/>`
    }
    y += size + (minor ? 3 * GAP : GAP)
  }
  const body: Block = {
    svg: place({ svg, width: 0, height: 0 }, 0, 0),
    width: LABEL_WIDTH + step * counts[0],
    height: y,
  }
  return makeFigure({ name, title, caption, body })
}
