import type { VeMap } from '../../src/consistency-function.ts'
import { checkNumber, InputError } from '../../src/errors.ts'

/** How well a Jacobian–vector product agrees with differences of the map itself. */
export interface JvpCheck {
  /** The largest difference of a row, relative to the RMS length of the tangents. */
  readonly difference: number
  /** The row that has it. */
  readonly row: number
  /** The largest difference between the values of `jvp` and `evaluate`, relative to the RMS length of the values. */
  readonly valueDifference: number
}

// steps relative to the time: which of them is best depends on how fast f varies there and on its rounding errors
const STEPS = [0.1, 0.03, 1e-2, 3e-3, 1e-3, 1e-4, 1e-5]

/**
 * Compares the derivative of a map along (1, dx) with central differences of fourth order,
 * (8 (f₁ − f₋₁) − (f₂ − f₋₂)) / 12h with f_k = f(t + kh, x + kh dx). Of several steps h each row takes the one that agrees best.
 * A network in float32 agrees to about 1e-3; a wrong derivative is off by as much as it is wrong.
 *
 * @param t above 0; the map must be defined up to 1.2 t
 * @param x n·d values
 * @param dx n·d values, such as the velocity −t s(t, x) of the flow
 * @param dimension d
 * @throws InputError when the map has no `jvp` or the arguments do not fit
 * @example checkJvp(f.ve, 1, x, dx, 2).difference < 1e-3
 */
export function checkJvp(
  map: VeMap,
  t: number,
  x: Float64Array,
  dx: Float64Array,
  dimension: number,
): JvpCheck {
  checkNumber('t', t, 0, Infinity, true)
  if (!map.jvp) throw new InputError('the map', 'not differentiable', 'a map with a Jacobian–vector product')
  if (x.length === 0 || x.length % dimension !== 0 || dx.length !== x.length)
    throw new InputError('dx', `${dx.length} values for ${x.length} of x`, `rows of ${dimension} in x and dx`)
  const { value, tangent } = map.jvp(t, x, dx)
  const rows = x.length / dimension
  const closest = new Float64Array(rows).fill(Infinity)
  for (const step of STEPS) {
    const difference = differences(map, t, x, dx, step * t)
    for (let i = 0; i < rows; i++)
      closest[i] = Math.min(closest[i], distance(difference, tangent, i, dimension))
  }
  const row = closest.reduce((worst, value, i) => (value > closest[worst] ? i : worst), 0)
  const direct = map.evaluate(t, x)
  let valueDifference = 0
  for (let i = 0; i < rows; i++)
    valueDifference = Math.max(valueDifference, distance(direct, value, i, dimension))
  return {
    difference: closest[row] / rootMeanSquare(tangent, rows),
    row,
    valueDifference: valueDifference / rootMeanSquare(value, rows),
  }
}

function differences(map: VeMap, t: number, x: Float64Array, dx: Float64Array, h: number): Float64Array {
  const at = (k: number) =>
    map.evaluate(
      t + k * h,
      x.map((value, i) => value + k * h * dx[i]),
    )
  const [far, near, ahead, beyond] = [-2, -1, 1, 2].map(at)
  return ahead.map((value, i) => (8 * (value - near[i]) - (beyond[i] - far[i])) / (12 * h))
}

function distance(a: Float64Array, b: Float64Array, row: number, d: number): number {
  let sum = 0
  for (let j = row * d; j < (row + 1) * d; j++) sum += (a[j] - b[j]) ** 2
  return Math.sqrt(sum)
}

function rootMeanSquare(values: Float64Array, rows: number): number {
  const mean = values.reduce((sum, value) => sum + value * value, 0) / rows
  // all zero: the difference is absolute
  return mean > 0 ? Math.sqrt(mean) : 1
}
