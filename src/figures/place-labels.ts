import { fontSize } from './style.ts'
import { textWidth } from './text.ts'

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
