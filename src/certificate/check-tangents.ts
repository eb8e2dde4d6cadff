import type { VeMap } from '../consistency-function.ts'
import { BadInput } from '../io/bad-input.ts'
import type { Trajectories } from '../metrics/carried-sample.ts'
import { gaussLegendre } from '../numeric/gauss-quadrature.ts'
import type { Density } from '../problem/density.ts'
import { type Agreement, contradictions } from './contradiction.ts'
import { velocity } from './velocity.ts'

/** Times and rows that are looked at. */
const TIMES = 10
const ROWS = 24
/** Half the length of a segment in θ, at most, and how much shorter each further one is: rough maps are smooth on some of them only. */
const LONGEST = 0.1
const SHORTER = 4
const LENGTHS = 6
// segments of neighbouring times must not overlap: one jump of f is at one of them
const SHARE_OF_GAP = 0.45
/** The rule, and one that says how far it may be off. */
const NODES = 6
const FEWER = 4
/** Beyond, as a share of the data scale, the data are lost in the rounding of points x + h dx. */
const FURTHEST = 1e6
/** What single precision leaves of a value and of a tangent. */
const VALUES = 1e-6
const TANGENTS = 3e-6

/**
 * Compares the Jacobian–vector product of a map with its values: along short segments, from (t, x) in the direction (1, dx), its integral
 * must be what f changes by. Unlike differences, that is right for rough maps as well, as long as two rules agree on the integral. The
 * segments are tangents of the trajectories: they leave them, so that even the true map changes.
 *
 * @param name what to call the product in an error
 * @throws InputError when they contradict each other in most of the rows where that can be told
 */
export function checkTangents(
  name: string,
  map: VeMap,
  density: Density,
  { times, positions }: Pick<Trajectories, 'times' | 'positions'>,
): void {
  // differences themselves
  if (map.byDifferences) return
  const { dimension: d, moments } = density
  const chosen = [
    ...new Set(Array.from({ length: TIMES }, (_, k) => Math.round((k * (times.length - 1)) / (TIMES - 1)))),
  ]
  const angles = chosen.map((k) => Math.atan2(times[k], moments.scale))
  const found: Agreement[] = []
  for (const [i, k] of chosen.entries()) {
    if (map.alongFlow && times[k] > FURTHEST * moments.scale) continue
    const gaps = [i > 0 ? angles[i] - angles[i - 1] : Infinity, (angles[i + 1] ?? Infinity) - angles[i]]
    const longest = Math.min(LONGEST, SHARE_OF_GAP * Math.min(...gaps))
    const x = someRows(positions[k], d)
    const dx = velocity(density, times[k], x)
    const pairs = segmentsAt(map, moments.scale, times[k], x, dx, longest, [
      times[0],
      times[times.length - 1],
    ])
    // differences themselves
    if (!pairs) return
    found.push({ time: times[k], dimension: d, pairs })
  }
  const what = contradictions(found)
  if (what)
    throw new BadInput(
      name,
      `has derivatives that contradict its values: along trajectories ${what}`,
      'the derivatives of f',
    )
}

/** On segments of every length around t, or to one side of it at an end: what f changes by and the integral of its product. */
function segmentsAt(
  map: VeMap,
  scale: number,
  t: number,
  x: Float64Array,
  dx: Float64Array,
  longest: number,
  [from, to]: readonly [number, number],
): Agreement['pairs'] | null {
  const jvp = map.jvp as NonNullable<VeMap['jvp']>
  const place = (h: number) => x.map((value, i) => value + h * dx[i])
  const pairs: Agreement['pairs'][number][] = []
  for (let level = 0; level < LENGTHS; level++) {
    const h = (longest / SHORTER ** level) * (scale + (t * t) / scale)
    const [low, high] = [Math.max(from, t - h), Math.min(to, t + h)]
    if (!(high > low)) continue
    const [first, last] = [low, high].map((at) => map.evaluate(at, place(at - t)))
    const change = last.map((value, i) => value - first[i])
    const half = (high - low) / 2
    const integral = (count: number) => {
      const { nodes, weights } = gaussLegendre(count)
      const sum = new Float64Array(x.length)
      for (const [k, node] of nodes.entries()) {
        const at = (low + high) / 2 + half * node
        const { tangent, error } = jvp.call(map, at, place(at - t), dx)
        if (error) return null
        for (let i = 0; i < sum.length; i++) sum[i] += half * weights[k] * tangent[i]
      }
      return sum
    }
    const [fine, coarse] = [integral(NODES), integral(FEWER)]
    if (!fine || !coarse) return null
    const error = fine.map(
      (value, i) =>
        Math.abs(value - coarse[i]) +
        VALUES * (Math.abs(last[i]) + Math.abs(first[i]) + scale) +
        TANGENTS * (Math.abs(value) + half * Math.abs(dx[i])),
    )
    pairs.push({ given: fine, found: change, error })
  }
  return pairs
}

/** Some rows of n·d values, from all over. */
export function someRows(x: Float64Array, d: number): Float64Array {
  const n = x.length / d
  const count = Math.min(n, ROWS)
  return Float64Array.from(
    { length: count * d },
    (_, i) => x[Math.floor((Math.floor(i / d) * n) / count) * d + (i % d)],
  )
}
