import type { CarriedSample } from '../metrics/carried-sample.ts'
import { errorStatistics } from '../metrics/error-statistics.ts'
import type { Problem } from '../problem/problem.ts'
import { ownPoints, processTime, vePoints, veTime } from '../problem/process.ts'

/** Trajectories at the times of pairs. */
interface PairNodes {
  /** Times of the problem's own process, ascending: every pair is one of them and an earlier one. */
  readonly times: readonly number[]
  /** The trajectories then, n·d values each, of the VE problem. */
  readonly positions: readonly Float64Array[]
}

/** How far a two-time map is off from one time to an earlier one. */
export interface PairError {
  readonly from: number
  readonly to: number
  /** √(E|f̂(t → u, x) − x(u)|²/tr Cov(X_u)) */
  readonly error: number
  readonly interval: readonly [number, number]
}

/**
 * The times of a sample from the one that maps lead to, and from time number `first` on.
 *
 * @param own those times as the process has them, where they were given so
 */
export function pairNodes(
  { process }: Problem,
  { times, positions, x0 }: CarriedSample,
  {
    first,
    time,
    to = 0,
    own,
  }: { first: number; time: number; to?: number | undefined; own?: readonly number[] | undefined },
): PairNodes {
  const chosen = [...new Set([to > 0 ? 1 : 0, ...Array.from(times.keys()).slice(first)])]
  const lead = chosen.length - (own?.length ?? 0)
  return {
    times: chosen.map((k, place) => {
      if (place === 0) return to
      if (k === times.length - 1) return time
      return own?.[place - lead] ?? processTime(process, times[k], time)
    }),
    positions: chosen.map((k, place) => (place === 0 ? x0 : positions[k])),
  }
}

/** The pairs in the order of their rows: by t and then by u, ascending, as places in the times. */
export function pairsOf({ times }: PairNodes): readonly (readonly [number, number])[] {
  return times.flatMap((_, k) => Array.from({ length: k }, (_, j) => [k, j] as const))
}

/** [pairs·n, 2 + d]: rows t, u and x at t, of the problem's own process. */
export function pairPoints({ process, dimension: d }: Problem, nodes: PairNodes): Float64Array {
  const { times, positions } = nodes
  const pairs = pairsOf(nodes)
  const n = positions[0].length / d
  const out = new Float64Array(pairs.length * n * (d + 2))
  let at = 0
  for (const [k, j] of pairs) {
    const x = ownPoints(process, times[k], positions[k])
    for (let row = 0; row < n; row++, at += d + 2) {
      out[at] = times[k]
      out[at + 1] = times[j]
      out.set(x.subarray(row * d, (row + 1) * d), at + 2)
    }
  }
  return out
}

/**
 * The errors of a two-time map, each relative to the spread of X_u.
 *
 * @param values f̂(t → u, x) at the rows of `pairPoints`, in coordinates of the VE problem, n·d values for each pair
 */
export function pairErrors(
  { process, density }: Problem,
  nodes: PairNodes,
  { weights, labels }: Pick<CarriedSample, 'weights' | 'labels'>,
  values: readonly Float64Array[],
): PairError[] {
  const { dimension: d, moments } = density
  return pairsOf(nodes).map(([k, j], place) => {
    const [from, to] = [nodes.times[k], nodes.times[j]]
    const trace = moments.trace + d * veTime(process, to) ** 2
    const { relativeError: error, standardError } = errorStatistics(
      ...([nodes.positions[j], values[place], weights, trace, labels] as const),
    )
    const deviation = 1.96 * standardError
    return { from, to, error, interval: [Math.max(0, error - deviation), error + deviation] }
  })
}

/** Places at time u of the process, n·d values for each pair, in coordinates of the VE problem. */
export function veValues({ process }: Problem, nodes: PairNodes, values: Float64Array): Float64Array[] {
  const { length } = nodes.positions[0]
  return pairsOf(nodes).map(([, j], place) =>
    vePoints(process, nodes.times[j], values.subarray(place * length, (place + 1) * length)),
  )
}

/** Times of a table: all pairs are in the results. */
const SHOWN = 8

/** Times t down, earlier ones u across; eight of them where there are more. */
export function pairTable(
  pairs: readonly PairError[],
  format: (value: number) => string,
): { readonly head: string[]; readonly rows: string[][] } {
  const times = [...new Set(pairs.flatMap(({ from, to }) => [from, to]))].sort((a, b) => a - b)
  const shown = evenly(times.length, SHOWN).map((k) => times[k])
  const earlier = shown.slice(0, -1)
  return {
    head: ['from time', ...earlier.map((to) => `to ${format(to)}`)],
    rows: shown.slice(1).map((from) => [
      format(from),
      ...earlier.map((to) => {
        const found = pairs.find((pair) => pair.from === from && pair.to === to)
        return found ? format(found.error) : ''
      }),
    ]),
  }
}

/** At most `most` of the places 0 … n − 1, the first and the last among them. */
export function evenly(n: number, most: number): number[] {
  const count = Math.min(most, n)
  return Array.from({ length: count }, (_, k) => (count === 1 ? 0 : Math.round((k * (n - 1)) / (count - 1))))
}
