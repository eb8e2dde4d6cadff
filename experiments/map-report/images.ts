import { type Figure, figures } from '../../src/figures/index.ts'
import { formatNumber } from '../../src/report/format.ts'
import { rowsOf } from './worst.ts'

/** How the coordinates of a point are to be read as an image. */
interface ImageLayout {
  readonly width: number
  readonly height: number
  readonly channels: 1 | 3
  /** Whether channel after channel follows, as in PyTorch, and not pixel after pixel. */
  readonly channelsFirst: boolean
}

// smaller ones are tables, larger ones no thumbnails
const SMALLEST = 4
const LARGEST = 512

/** The layout of points of shape [h, w], [1, h, w], [3, h, w], [h, w, 1] or [h, w, 3]; null for any other. */
export function imageLayout(shape: readonly number[]): ImageLayout | null {
  const isSide = (size: number) => size >= SMALLEST && size <= LARGEST
  const isCount = (size: number): size is 1 | 3 => size === 1 || size === 3
  const [a, b, c] = shape
  if (shape.length === 2 && isSide(a) && isSide(b))
    return { width: b, height: a, channels: 1, channelsFirst: true }
  if (shape.length !== 3) return null
  if (isCount(a) && isSide(b) && isSide(c)) return { width: c, height: b, channels: a, channelsFirst: true }
  if (isSide(a) && isSide(b) && isCount(c)) return { width: b, height: a, channels: c, channelsFirst: false }
  return null
}

const SHOWN = 8

/** What the images of a report are made of. */
interface ImageRows {
  readonly layout: ImageLayout
  /** n·d values each. */
  readonly truth: ArrayLike<number>
  readonly values: ArrayLike<number>
  /** Rows with the largest errors, the worst first. */
  readonly worst: readonly number[]
  readonly count: number
}

/** f̂, the truth and their difference: of the worst points of noise, and of some that are like all others. */
export function imageFigures({ layout, truth, values, worst, count }: ImageRows): Figure[] {
  const d = truth.length / count
  const [low, high] = range(truth)
  const even = Array.from({ length: Math.min(SHOWN, count) }, (_, i) =>
    Math.floor((i * count) / Math.min(SHOWN, count)),
  )
  const scale = (x: Float64Array) => x.map((value) => (value - low) / (high - low))
  const panel = (name: string, title: string, rows: readonly number[]) => {
    const [right, found] = [truth, values].map((all) => rowsOf(all, d, rows))
    const difference = found.map((value, i) => 0.5 + (value - right[i]) / (high - low))
    return figures.imageGrid({
      name,
      title,
      caption: `Black is ${formatNumber(low, 2)} and white ${formatNumber(high, 2)}, the range of the truth; in the difference f̂ − f the middle is no difference, and black and white are half of that range.`,
      ...{ width: layout.width, height: layout.height, channels: layout.channels },
      rows: [
        { label: 'the truth f', images: pixels(scale(right), layout) },
        { label: 'the network f̂', images: pixels(scale(found), layout) },
        { label: 'difference', images: pixels(difference, layout) },
      ],
    })
  }
  return [
    panel('images-worst', 'The worst: images from the noises with the largest errors', worst.slice(0, SHOWN)),
    panel('images', 'Images from noises taken evenly from all', even),
  ]
}

/** From channel after channel to pixel after pixel. */
function pixels(x: Float64Array, { width, height, channels, channelsFirst }: ImageLayout): Float64Array {
  if (!channelsFirst || channels === 1) return x
  const area = width * height
  const size = area * channels
  return x.map((_, i) => {
    const [image, at] = [Math.floor(i / size), i % size]
    return x[image * size + (at % channels) * area + Math.floor(at / channels)]
  })
}

function range(x: ArrayLike<number>): [number, number] {
  let [low, high] = [Infinity, -Infinity]
  for (let i = 0; i < x.length; i++) {
    low = Math.min(low, x[i])
    high = Math.max(high, x[i])
  }
  return [low, high > low ? high : low + 1]
}
