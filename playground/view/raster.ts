import type { Result } from '../compute/measure.ts'
import type { Colours } from './colours.ts'

/** f̂ over the plane as a small picture: a column a time, the largest y at the top. */
export function rasterOf(
  { plane, rows, times }: Pick<Result, 'plane' | 'rows' | 'times'>,
  colours: Colours,
): string {
  const canvas = document.createElement('canvas')
  canvas.width = times.length
  canvas.height = rows
  const context = canvas.getContext('2d')
  if (!context) return ''
  const image = context.createImageData(canvas.width, canvas.height)
  for (let k = 0; k < times.length; k++)
    for (let row = 0; row < rows; row++) {
      const at = 4 * ((rows - 1 - row) * times.length + k)
      image.data.set(colours(plane[k * rows + row]), at)
      image.data[at + 3] = 255
    }
  context.putImageData(image, 0, 0)
  return canvas.toDataURL()
}
