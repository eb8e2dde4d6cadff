/** A derivative by differences, with how far it may be off. */
interface Difference {
  /** f itself. */
  readonly value: Float64Array
  readonly tangent: Float64Array
  /** An estimate of |error|, value by value. */
  readonly error: Float64Array
}

interface DifferenceOptions {
  readonly dimension: number
  /** dt/dθ, θ = arctan(τ/c) of the VE time τ and the data scale c: steps are uniform in θ. */
  readonly speed: number
  /** Times that f may be asked for. */
  readonly from: number
  readonly to: number
}

/** f at several times, n·d values each. */
type EvaluateAll = (times: readonly number[], x: readonly Float64Array[]) => Float64Array[]

/** Steps in θ, halved from one level to the next: networks of log t turn fast near 0. */
const LARGEST_STEP = 0.1
const LEVELS = 16
// more rows say no more about which step is good
const PROBED_ROWS = 32
// less room than this share of the step on one side: differences go to the other side alone
const LEAST_ROOM = 1 / 8

/** Entry `order` of the row of level `level` in Richardson's scheme: it needs the levels from level − order on. */
interface Choice {
  readonly level: number
  readonly order: number
}

/**
 * ∂_t f + ∇f·dx by differences along (1, dx), extrapolated to step 0 by Richardson's scheme. Its entry is the one where, over some of
 * the rows, two entries that are refined once more agree best (Ridders, Adv. Eng. Softw. 4, 1982): with larger steps the truncation,
 * with smaller ones the rounding of f would be larger. How far they are apart is the estimate of the error. f is evaluated
 * at all rows for the steps of that entry alone.
 */
export function difference(
  evaluate: EvaluateAll,
  t: number,
  x: Float64Array,
  dx: Float64Array,
  options: DifferenceOptions,
): Difference {
  const { dimension: d, speed, from, to } = options
  const wanted = LARGEST_STEP * speed
  const [below, above] = [t - from, to - t]
  const central = Math.min(below, above) >= LEAST_ROOM * wanted
  const step = central
    ? Math.min(wanted, below, above)
    : Math.min(wanted, Math.max(below, above)) * (above >= below ? 1 : -1)
  const at = (places: readonly number[], points: Float64Array, rates: Float64Array) =>
    evaluate(
      places.map((h) => t + h),
      places.map((h) => points.map((coordinate, i) => coordinate + h * rates[i])),
    )
  /** The scheme on the levels first … last, as (value, rows of entries). */
  function scheme(points: Float64Array, rates: Float64Array, first: number, last: number) {
    const steps = Array.from({ length: last - first + 1 }, (_, k) => step / 2 ** (first + k))
    const [value, ...around] = at([0, ...steps, ...(central ? steps.map((h) => -h) : [])], points, rates)
    const slopes = steps.map((h, k) => {
      const low = central ? around[steps.length + k] : value
      const width = (central ? 2 : 1) * h
      return around[k].map((high, i) => (high - low[i]) / width)
    })
    return { value, rows: richardson(slopes, central ? 4 : 2) }
  }

  const n = x.length / d
  if (n <= PROBED_ROWS) {
    const { value, rows } = scheme(x, dx, 0, LEVELS - 1)
    return { value, ...entryOf(rows, best(rows)) }
  }
  const chosen = Array.from({ length: PROBED_ROWS }, (_, k) => Math.floor((k * n) / PROBED_ROWS))
  const some = (all: Float64Array) =>
    Float64Array.from({ length: PROBED_ROWS * d }, (_, i) => all[chosen[Math.floor(i / d)] * d + (i % d)])
  const { level, order } = best(scheme(some(x), some(dx), 0, LEVELS - 1).rows)
  const { value, rows } = scheme(x, dx, level - order, level)
  return { value, ...entryOf(rows, { level: order, order }) }
}

/** Row k holds the slopes of level k and their extrapolations by the levels before it; errors go with powers of `ratio`. */
function richardson(slopes: readonly Float64Array[], ratio: number): Float64Array[][] {
  const rows: Float64Array[][] = []
  for (const [level, slope] of slopes.entries()) {
    const row = [slope]
    for (let k = 1; k <= level; k++) {
      const [fine, coarse] = [row[k - 1], rows[level - 1][k - 1]]
      row.push(fine.map((value, i) => value + (value - coarse[i]) / (ratio ** k - 1)))
    }
    rows.push(row)
  }
  return rows
}

function entryOf(rows: readonly Float64Array[][], { level, order }: Choice): Omit<Difference, 'value'> {
  const tangent = rows[level][order]
  const [fine, coarse] = [rows[level][order - 1], rows[level - 1][order - 1]]
  return {
    tangent,
    error: tangent.map((slope, i) => Math.max(Math.abs(slope - fine[i]), Math.abs(slope - coarse[i]))),
  }
}

function best(rows: readonly Float64Array[][]): Choice {
  let choice: Choice = { level: 1, order: 1 }
  let least = Infinity
  for (let level = 1; level < rows.length; level++)
    for (let order = 1; order <= level; order++) {
      const { error } = entryOf(rows, { level, order })
      const size = error.reduce((sum, off) => sum + off * off, 0)
      if (size >= least) continue
      least = size
      choice = { level, order }
    }
  return choice
}
