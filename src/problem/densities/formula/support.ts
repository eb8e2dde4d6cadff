import { InputError } from '../../../errors.ts'

/** An unnormalised density of one or two coordinates; the second is 0 for one. */
export type Unnormalised = (x1: number, x2: number) => number

/** A place, one number a coordinate. */
export type Place = readonly number[]

/** Places between the points of the axes where there may be peaks, with their shoulders. */
type FindPlaces = (axes: readonly Float64Array[]) => readonly Place[]

/** The box that holds the mass, [low, high] for each coordinate. */
export type Box = readonly (readonly [number, number])[]

// what is below this part of the largest value is outside
const THRESHOLD = 1e-20
const FARTHEST = 1e6
// a density smaller than this everywhere has too few digits in its tails
const LEAST = 1e-250
// spacing of the first scan about the origin, growing in proportion to the distance
const FINEST = 0.01
// points an axis of the first scan, by the dimension, and of the second, inside the box found
const COARSE = [4001, 201]
const FINE = [2001, 101]
// coordinates more on an axis
const MOST_ADDED = [4000, 200]

/**
 * The box where a density is above 1e-20 of its largest value, found by a scan of [−1e6, 1e6] that is finest at the
 * origin, and one of the box found.
 *
 * @throws InputError when the density is negative, infinite or not a number somewhere, next to zero everywhere, or
 * does not fall off
 */
export function findBox(q: Unnormalised, dimension: number, text: string, places: FindPlaces): Box {
  const name = 'problem.data.density'
  const top = Math.asinh(FARTHEST / FINEST)
  const count = COARSE[dimension - 1]
  const wide = Float64Array.from(
    { length: count },
    (_, i) => FINEST * Math.sinh(top * ((2 * i) / (count - 1) - 1)),
  )
  const axes = withPlaces(
    Array.from({ length: dimension }, () => wide),
    places,
  )
  const first = scan(q, axes, name)
  if (first.largest < LEAST)
    throw new InputError(name, text, `a density above ${LEAST} somewhere near the origin, or a box`)
  if (first.ranges.some(([low, high], i) => low === 0 || high === axes[i].length - 1))
    throw new InputError(name, text, 'a density that falls off and can be normalised, or a box')
  return shrink(q, widened(first.ranges, axes), name, places)
}

/** Checks the values of the density in a given box. @throws InputError as `findBox` */
export function checkBox(q: Unnormalised, box: Box, text: string, places: FindPlaces): Box {
  const name = 'problem.data.density'
  const { largest } = scan(q, withPlaces(grid(box), places), name)
  if (largest < LEAST) throw new InputError(name, text, `a density above ${LEAST} somewhere in the box`)
  return box
}

/** The axes with the coordinates of what is found on them. */
function withPlaces(axes: readonly Float64Array[], places: FindPlaces): Float64Array[] {
  const found = places(axes)
  return axes.map((axis, i) => {
    const [low, high] = [axis[0], axis[axis.length - 1]]
    const own = found.map((place) => place[i]).filter((x) => x > low && x < high)
    return Float64Array.from(new Set([...axis, ...own.slice(0, MOST_ADDED[axes.length - 1])])).sort()
  })
}

function shrink(q: Unnormalised, box: Box, name: string, places: FindPlaces): Box {
  const axes = withPlaces(grid(box), places)
  return widened(scan(q, axes, name).ranges, axes)
}

/** Equidistant points of each axis of the box. */
export function grid(box: Box): Float64Array[] {
  const count = FINE[box.length - 1]
  return box.map(([low, high]) =>
    Float64Array.from({ length: count }, (_, i) => low + ((high - low) * i) / (count - 1)),
  )
}

/** The interval of each axis from one grid point before the first that counts to one after the last. */
function widened(ranges: readonly (readonly [number, number])[], axes: readonly Float64Array[]): Box {
  return ranges.map(([low, high], axis) => [
    axes[axis][Math.max(0, low - 1)],
    axes[axis][Math.min(axes[axis].length - 1, high + 1)],
  ])
}

function scan(q: Unnormalised, axes: readonly Float64Array[], name: string) {
  const [first, second = Float64Array.of(0)] = axes
  const values = new Float64Array(first.length * second.length)
  let largest = 0
  first.forEach((x1, i) => {
    second.forEach((x2, j) => {
      const value = checkValue(q(x1, x2), axes.length === 1 ? [x1] : [x1, x2], name)
      values[i * second.length + j] = value
      largest = Math.max(largest, value)
    })
  })
  const ranges = axes.map((axis): [number, number] => [axis.length - 1, 0])
  values.forEach((value, k) => {
    if (value <= THRESHOLD * largest) return
    const place = [Math.floor(k / second.length), k % second.length]
    ranges.forEach((range, axis) => {
      range[0] = Math.min(range[0], place[axis])
      range[1] = Math.max(range[1], place[axis])
    })
  })
  return { largest, ranges }
}

/** The value of a density. @throws InputError unless it is finite and not negative */
export function checkValue(value: number, x: readonly number[], name: string): number {
  if (value >= 0 && value < Infinity) return value
  throw new InputError(`${name} at ${x.join(', ')}`, value, 'a finite number, not negative')
}
