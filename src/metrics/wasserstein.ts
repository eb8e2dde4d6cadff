import { checkInteger, InputError } from '../errors.ts'
import { Random } from '../random/random.ts'
import { checkEach, checkLength } from './error-statistics.ts'

/**
 * The sliced Wasserstein-2 distance of two equally large samples: √(d · mean over directions of W₂² of the
 * projections), W₂ in 1-D by sorting (Bonneel et al. 2015, eq. 10; the factor d makes it the distance itself for a
 * translation). In 1-D it is W₂ itself.
 *
 * @param a n·d values
 * @param b n·d values
 * @param directions how many random directions in d > 1, drawn from `seed`
 * @throws InputError for samples that are not equally large, empty, or not of n·d finite values
 */
export function slicedWasserstein(
  a: Float64Array,
  b: Float64Array,
  d: number,
  directions = 128,
  seed = 0,
): number {
  checkInteger('d', d, 1)
  checkInteger('directions', directions, 1)
  if (!(a?.length >= d && a.length % d === 0))
    throw new InputError(
      'a',
      a?.length === undefined ? a : `${a.length} values`,
      `n·d values, d = ${d}, n at least 1`,
    )
  checkLength('b', b, a.length, 'as many as a')
  checkEach('a', a)
  checkEach('b', b)
  if (d === 1) return Math.sqrt(lineDistance(a.slice(), b.slice()))
  const random = new Random(seed)
  const n = a.length / d
  const [left, right] = [new Float64Array(n), new Float64Array(n)]
  let total = 0
  for (let k = 0; k < directions; k++) {
    const direction = unitVector(d, random)
    project(a, direction, left)
    project(b, direction, right)
    total += lineDistance(left, right)
  }
  return Math.sqrt((d * total) / directions)
}

/** W₂² of two samples on a line, which it sorts. */
function lineDistance(a: Float64Array, b: Float64Array): number {
  a.sort()
  b.sort()
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += (a[i] - b[i]) ** 2
  return sum / a.length
}

function unitVector(d: number, random: Random): Float64Array {
  const vector = Float64Array.from({ length: d }, () => random.normal())
  const length = Math.hypot(...vector)
  return vector.map((value) => value / length)
}

function project(x: Float64Array, direction: Float64Array, out: Float64Array): void {
  const d = direction.length
  for (let row = 0; row < out.length; row++) {
    let sum = 0
    for (let i = 0; i < d; i++) sum += direction[i] * x[row * d + i]
    out[row] = sum
  }
}
