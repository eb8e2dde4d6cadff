import type { PdeRow } from './row.ts'

const READY: readonly string[] = ['characteristics', 'DPM-Solver++ 3M']

/** A method with something to build beside those that have nothing. */
export interface Crossing {
  readonly family: string
  readonly size: number
  readonly relativeError: number
  /** What needs nothing before the first point (characteristics, a sampler) and is at least as accurate, the cheapest: family, size and
   * microseconds a point; null where there is none. */
  readonly rival: string | null
  readonly rivalSize: number | null
  readonly rivalMicroseconds: number | null
  /** How much cheaper a point is. */
  readonly speedUp: number | null
  /** From this many points on the method is cheaper, its construction included; null where it never is. */
  readonly fromPoints: number | null
}

/** Of the most accurate of every family: from how many points on it is cheaper than what needs nothing before the first, at no larger error. */
export function crossings(rows: readonly PdeRow[]): Crossing[] {
  const ready = rows.filter(({ family }) => READY.includes(family))
  const families = [...new Set(rows.map(({ family }) => family))].filter((name) => !READY.includes(name))
  return families.map((family) => {
    const best = rows
      .filter((row) => row.family === family)
      .reduce((a, b) => (b.relativeError < a.relativeError ? b : a))
    const rival = ready
      .filter(({ relativeError }) => relativeError <= best.relativeError)
      .reduce<PdeRow | null>((a, b) => (a && a.pointMicroseconds <= b.pointMicroseconds ? a : b), null)
    const gain = rival ? rival.pointMicroseconds - best.pointMicroseconds : 0
    return {
      ...{ family, size: best.size, relativeError: best.relativeError },
      rival: rival?.family ?? null,
      rivalSize: rival?.size ?? null,
      rivalMicroseconds: rival?.pointMicroseconds ?? null,
      speedUp: rival ? rival.pointMicroseconds / best.pointMicroseconds : null,
      fromPoints: gain > 0 ? Math.ceil((1e6 * best.buildSeconds) / gain) : null,
    }
  })
}
