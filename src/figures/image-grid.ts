import { InputError } from '../errors.ts'
import { type Block, type Figure, makeFigure, place } from './figure.ts'
import { colourPngDataUri, pngDataUri } from './raster.ts'
import { frameInk } from './style.ts'
import { round, svgText, textWidth, wrapText } from './text.ts'

/** Images, one after another, upper row first, the channels of a pixel together: 0 is black and 1 white, or none and all of a colour. */
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
  /** Pixels of every image */
  readonly width: number
  readonly height: number
  /** 3 for red, green and blue; default 1, grey */
  readonly channels?: 1 | 3
  readonly rows: readonly ImageRow[]
}

const LABEL_WIDTH = 150
const SIZE = 76
const MINOR_SIZE = 44
const GAP = 4

/** Rows of images, each with a label at its left; values beyond 0 and 1 are drawn as these. */
export function imageGrid({ name, title, caption, width, height, channels = 1, rows }: ImageGrid): Figure {
  const values = width * height * channels
  const counts = rows.map(({ images }) => images.length / values)
  if (rows.length === 0 || counts.some((count) => count !== counts[0] || !Number.isInteger(count)))
    throw new InputError('rows', counts, `the same number of images of ${values} values in every row`)
  const greys = Array.from({ length: 256 }, (_, i) => `#${i.toString(16).padStart(2, '0').repeat(3)}`)
  const step = SIZE + GAP
  const upright = height / Math.max(width, height)
  const across = width / Math.max(width, height)
  let y = 0
  let svg = ''
  for (const { label, minor = false, images } of rows) {
    const size = minor ? MINOR_SIZE : SIZE
    const [own, tall] = [round(across * size), round(upright * size)]
    const lines = wrapText(label, LABEL_WIDTH - 12)
    const first = y + (upright * size) / 2 + 4 - 7 * (lines.length - 1)
    svg += lines.map((line, i) => svgText(LABEL_WIDTH - 10 - textWidth(line), first + 14 * i, line)).join('')
    for (let k = 0; k < counts[0]; k++) {
      const bytes = Uint8Array.from({ length: values }, (_, i) =>
        Math.round(255 * Math.min(1, Math.max(0, images[k * values + i]))),
      )
      const address =
        channels === 3 ? colourPngDataUri(bytes, width, height) : pngDataUri(bytes, width, height, greys)
      const x = LABEL_WIDTH + k * step + (SIZE - across * size) / 2
      svg += `<image x="${round(x)}" y="${round(y)}" width="${own}" height="${tall}" style="image-rendering:pixelated" href="${address}"/>`
      svg += `<rect x="${round(x)}" y="${round(y)}" width="${own}" height="${tall}" fill="none" stroke="${frameInk}" stroke-width="0.5"/>`
    }
    y += upright * size + (minor ? 3 * GAP : GAP)
  }
  const body: Block = {
    svg: place({ svg, width: 0, height: 0 }, 0, 0),
    width: LABEL_WIDTH + step * counts[0],
    height: y,
  }
  return makeFigure({ name, title, caption, body })
}
