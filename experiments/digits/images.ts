import { readFile } from 'node:fs/promises'
import { gunzipSync } from 'node:zlib'
import { InputError } from '../../src/errors.ts'
import { BadInput } from '../../src/io/bad-input.ts'

/** Pixels of a side of the images in data/digits.gz. */
const SIDE = 28
const RECORD = 1 + SIDE * SIDE

/** Grey images with values from 0 (black) to 1, and the digit that each shows. */
export interface Images {
  readonly side: number
  readonly labels: Uint8Array
  /** [count, side²], upper row first */
  readonly pixels: Float64Array
}

/**
 * The first images of data/digits.gz: one byte with the digit and 784 bytes of grey for each, digits 0 to 9 in turn.
 *
 * @param side 28, or 14 for means over 2 × 2 pixels
 * @throws InputError for more images than there are, or a file that cannot be read
 */
export async function readImages(count: number, side: 14 | 28): Promise<Images> {
  const bytes = gunzipSync(await readData())
  const most = Math.floor(bytes.length / RECORD)
  if (count > most) throw new InputError('count', count, `at most ${most}, the images there are`)
  const factor = SIDE / side
  const labels = new Uint8Array(count)
  const pixels = new Float64Array(count * side * side)
  for (let k = 0; k < count; k++) {
    labels[k] = bytes[k * RECORD]
    for (let i = 0; i < SIDE; i++)
      for (let j = 0; j < SIDE; j++) {
        const at = k * side * side + Math.floor(i / factor) * side + Math.floor(j / factor)
        pixels[at] += bytes[k * RECORD + 1 + i * SIDE + j] / (255 * factor * factor)
      }
  }
  return { side, labels, pixels }
}

/** Every image as an array of its pixels. */
export function rowsOf({ pixels, side }: Images): number[][] {
  const d = side * side
  return Array.from({ length: pixels.length / d }, (_, k) => Array.from(pixels.subarray(k * d, (k + 1) * d)))
}

/** From the sources the file is two folders up, from dist three. */
async function readData(): Promise<Uint8Array> {
  for (const up of ['../../', '../../../']) {
    const bytes = await readFile(new URL(`${up}data/digits.gz`, import.meta.url)).catch(() => null)
    if (bytes) return bytes
  }
  throw new BadInput('data/digits.gz', 'cannot be read', 'the file that comes with the package')
}

/** The index of the training image nearest to each of n images, and how far it is. */
export function nearestImages(
  images: Float64Array,
  { pixels, side }: Images,
): { index: number; distance: number }[] {
  const d = side * side
  return Array.from({ length: images.length / d }, (_, row) => {
    let best = { index: -1, distance: Infinity }
    for (let k = 0; k < pixels.length / d; k++) {
      let square = 0
      for (let i = 0; i < d; i++) square += (images[row * d + i] - pixels[k * d + i]) ** 2
      if (square < best.distance) best = { index: k, distance: square }
    }
    return { index: best.index, distance: Math.sqrt(best.distance) }
  })
}
