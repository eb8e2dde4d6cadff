/** What tangents give beside what values give, at one time: n·d numbers each. */
export interface Agreement {
  readonly time: number
  readonly dimension: number
  /** By finer and finer means, each with how far the two may be apart for sound tangents. */
  readonly pairs: readonly {
    readonly given: Float64Array
    readonly found: Float64Array
    readonly error: Float64Array
  }[]
}

/** A row says something where the error is below this share of what is found. */
const KNOWN = 0.02
/** Given and found contradict each other where they are further apart than this share of the larger, */
const APART = 0.06
/** and so in most of the rows at a time, of which there are at least so many, */
const FEWEST_ROWS = 3
/** and at a quarter of the times, and two of them: one alone may be a jump of f. */
const SHARE_OF_TIMES = 0.25
const FEWEST_TIMES = 2
/** A factor that all have in common is seen where it is further from 1 than this, in rows that are known to a third of it. */
const FACTOR = 0.015
const KNOWN_WELL = FACTOR / 3
const FEWEST_FACTORS = 40

/** What one row says. */
interface Row {
  /** |given − found| by the larger of the two. */
  readonly apart: number
  /** ⟨given, found⟩/⟨found, found⟩. */
  readonly factor: number
  /** The error by the size of what is found. */
  readonly error: number
}

/**
 * Why tangents are not the derivatives of the values, in words; null where nothing says so. Medians over rows do not mind the few in
 * which a rough f has a jump that no rule sees.
 */
export function contradictions(all: readonly Agreement[]): string | null {
  let told = 0
  const contradicted: { time: number; rows: readonly Row[] }[] = []
  const factors: number[] = []
  for (const agreement of all) {
    const rows = rowsOf(agreement)
    for (const { factor, error } of rows) if (error <= KNOWN_WELL) factors.push(factor)
    if (rows.length < FEWEST_ROWS) continue
    told++
    if (median(rows.map(({ apart }) => apart)) > APART) contradicted.push({ time: agreement.time, rows })
  }
  if (contradicted.length >= Math.max(FEWEST_TIMES, SHARE_OF_TIMES * told)) {
    const { time, rows } = contradicted[0]
    return (
      `at t = ${time.toPrecision(3)} of the VE process they are ${median(rows.map(({ factor }) => factor)).toPrecision(3)} times what f changes by ` +
      `in the median, and so wrong at ${contradicted.length} of ${told} times`
    )
  }
  const factor = factors.length >= FEWEST_FACTORS ? median(factors) : 1
  if (Math.abs(factor - 1) <= FACTOR) return null
  return `they are ${factor.toPrecision(3)} times what f changes by, in the median of ${factors.length} points`
}

/** Rows of one time that say something, each by the means that are surest of it. */
function rowsOf({ dimension: d, pairs }: Agreement): Row[] {
  const rows: Row[] = []
  const count = (pairs[0]?.found.length ?? 0) / d
  for (let row = 0; row < count; row++) {
    const own = pairs.map((pair) => compared(pair, row * d, d)).filter(({ error }) => error <= KNOWN)
    if (own.length === 0) continue
    const surest = own.reduce((a, b) => (b.error < a.error ? b : a))
    // a jump is in one segment, and not in the shorter ones within it
    const apart = Math.min(...own.map((one) => one.apart))
    rows.push({ ...surest, apart })
  }
  return rows
}

function compared({ given, found, error }: Agreement['pairs'][number], start: number, d: number): Row {
  let [gg, ff, gf, ee, off] = [0, 0, 0, 0, 0]
  for (let i = start; i < start + d; i++) {
    gg += given[i] ** 2
    ff += found[i] ** 2
    gf += given[i] * found[i]
    ee += error[i] ** 2
    off += (given[i] - found[i]) ** 2
  }
  if (!(ff > 0)) return { apart: 0, factor: 1, error: Infinity }
  return { apart: Math.sqrt(off / Math.max(gg, ff)), factor: gf / ff, error: Math.sqrt(ee / ff) }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)]
}
