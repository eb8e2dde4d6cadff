import { UnfinishedError } from '../attempt.ts'
import { flow, fromComoving, toComoving } from '../characteristics/probability-flow.ts'
import { ComputationError } from '../errors.ts'
import type { Density } from '../problem/density.ts'
import type { ExactSolution } from './solution.ts'

const CHECKED = 3
const RTOL = 1e-10
// by how much an image may differ, in data scales, and what a place that is off by this part of its size makes of it
const AGREEMENT = 1e-6
const OFF = 1e-8
// where the data is so rare that a distribution function cut off at rounding says nothing, in scales from the mean at time t
const LIKELY = 5
// calls at other times than those before are compared up to this number: a figure asks for hundreds
const MOST_TIMES = 16

/**
 * An exact map by a distribution function that is computed, with a few points of each call compared with their characteristics
 * (docs/mathematics.md §3), a second method that shares the score alone with it.
 *
 * @throws ComputationError (from `evaluate`) where the two differ
 */
export function crossChecked(density: Density, solution: ExactSolution): ExactSolution['evaluate'] {
  const times = new Set<number>()
  return (t, x) => {
    const out = solution.evaluate(t, x)
    if (t === 0 || times.has(t) || times.size >= MOST_TIMES) return out
    times.add(t)
    const rows = likelyRows(density, t, x)
    if (rows.length > 0) compare(density, solution, t, pick(x, rows, density), pick(out, rows, density))
    return out
  }
}

/** A few rows, evenly among those that are not far out. */
function likelyRows(density: Density, t: number, x: Float64Array): number[] {
  const { dimension: d, moments } = density
  const y = new Float64Array(x.length)
  toComoving(density, t, x, y)
  const likely: number[] = []
  for (let row = 0; row < x.length / d; row++)
    if (
      Math.hypot(...y.subarray(row * d, (row + 1) * d)) <=
      LIKELY * Math.sqrt(moments.trace / moments.scale ** 2)
    )
      likely.push(row)
  return evenly(likely, CHECKED)
}

/** So many rows of a list, or all of fewer, at equal distances from the first to the last. */
export function evenly(rows: readonly number[], count: number): number[] {
  const places = Array.from({ length: count }, (_, k) => Math.floor((k * (rows.length - 1)) / (count - 1)))
  return rows.length === 0 ? [] : Array.from(new Set(places), (place) => rows[place])
}

function pick(x: Float64Array, rows: readonly number[], { dimension: d }: Density): Float64Array {
  return Float64Array.from(rows.flatMap((row) => Array.from(x.subarray(row * d, (row + 1) * d))))
}

function compare(
  density: Density,
  solution: ExactSolution,
  t: number,
  x: Float64Array,
  images: Float64Array,
): void {
  const { dimension: d, moments } = density
  const { scale } = moments
  const along = carriedBack(density, t, x)
  if (!along) return
  const slopes = solution.jacobian(t, x)
  for (let row = 0; row < x.length / d; row++) {
    const part = (of: Float64Array) => Array.from(of.subarray(row * d, (row + 1) * d))
    const slope = Math.hypot(...slopes.subarray(row * d * d, (row + 1) * d * d))
    const allowed = AGREEMENT * scale + OFF * slope * (Math.hypot(scale, t) + Math.hypot(...part(x)))
    const [own, other] = [part(images), part(along)]
    // a slope that is not finite says that nothing flows there
    if (Math.hypot(...own.map((value, i) => value - other[i])) > allowed || own.some(Number.isNaN))
      throw new ComputationError(
        `f(${t}, ${part(x).join(', ')}) is ${own.join(', ')} by the distribution function and ${other.join(', ')} along the characteristic: one of them is wrong; use characteristics at two tolerances, and report the problem.`,
      )
  }
}

/** The same points along their characteristics; null where these do not end. */
function carriedBack(density: Density, t: number, x: Float64Array): Float64Array | null {
  const y = new Float64Array(x.length)
  toComoving(density, t, x, y)
  try {
    const start = flow(density, { rtol: RTOL }).carry(
      Float64Array.of(Math.atan2(t, density.moments.scale), 0),
      y,
    )[1]
    fromComoving(density, 0, start, start)
    return start
  } catch (error) {
    if (error instanceof UnfinishedError) return null
    throw error
  }
}
