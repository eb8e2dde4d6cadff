import { HEIGHT } from '../compute/coordinates.ts'

interface Box {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

/** Where the parts of the picture are. The law and the error share the vertical axis of the plane, the certificate its times. */
export interface Layout {
  readonly width: number
  readonly height: number
  readonly law: Box
  readonly plane: Box
  readonly error: Box
  readonly certificate: Box
  /** Pixels of places on the axis of times and of y, and back. */
  toLeft(place: number): number
  toTop(y: number): number
  toPlace(left: number): number
  toY(top: number): number
}

const NARROW = 620
const TOP = 24
const GAP = 10
const AXIS = 62

export function layoutOf(width: number, lastPlace: number): Layout {
  const narrow = width < NARROW
  const side = narrow ? 62 : 120
  const height = narrow ? 300 : 380
  // ticks, and the name of the axis beside them
  const axis = narrow ? 42 : 60
  const law: Box = { left: axis, top: TOP, width: side - (narrow ? 10 : 0), height }
  const planeLeft = law.left + law.width + GAP
  const errorWidth = side
  const plane: Box = {
    left: planeLeft,
    top: TOP,
    width: width - planeLeft - GAP - errorWidth - axis,
    height,
  }
  const error: Box = { left: plane.left + plane.width + GAP, top: TOP, width: errorWidth, height }
  const certificate: Box = { ...plane, top: TOP + height + AXIS, height: narrow ? 70 : 90 }
  const toLeft = (place: number) => plane.left + (plane.width * place) / lastPlace
  const toTop = (y: number) => plane.top + (plane.height * (HEIGHT - y)) / (2 * HEIGHT)
  return {
    width,
    height: certificate.top + certificate.height + 8,
    law,
    plane,
    error,
    certificate,
    toLeft,
    toTop,
    toPlace: (left) => Math.min(lastPlace, Math.max(0, ((left - plane.left) / plane.width) * lastPlace)),
    toY: (top) => HEIGHT - (2 * HEIGHT * (top - plane.top)) / plane.height,
  }
}
