/** A derivative by differences, with how far it may be off. */
export interface Difference {
  /** f itself. */
  readonly value: Float64Array
  readonly tangent: Float64Array
  /** An estimate of |error|, value by value. */
  readonly error: Float64Array
}

export interface DifferenceOptions {
  /** The data scale c: steps are uniform in θ = arctan(t/c). */
  readonly scale: number
  /** Times that f may be asked for. */
  readonly from: number
  readonly to: number
}

/** f at several times, n·d values each. */
type EvaluateAll = (times: readonly number[], x: readonly Float64Array[]) => Float64Array[]

/** Steps in θ, halved from one level to the next. */
const LARGEST_STEP = 0.1
const LEVELS = 6
// less room than this share of the step on one side: differences go to the other side alone
const LEAST_ROOM = 1 / 8

/**
 * ∂_t f + ∇f·dx by differences along (1, dx), extrapolated to step 0 by Richardson's scheme. The level is the one where, over all
 * rows, two entries of the scheme that are refined once more agree best (Ridders, Adv. Eng. Softw. 4, 1982): with fewer levels
 * the truncation, with more the rounding of f would be larger. How far they are apart is the estimate of the error.
 */
export function difference(
  evaluate: EvaluateAll,
  t: number,
  x: Float64Array,
  dx: Float64Array,
  { scale, from, to }: DifferenceOptions,
): Difference {
  const wanted = (LARGEST_STEP * (scale * scale + t * t)) / scale
  const [below, above] = [t - from, to - t]
  const central = Math.min(below, above) >= LEAST_ROOM * wanted
  const step = central
    ? Math.min(wanted, below, above)
    : Math.min(wanted, Math.max(below, above)) * (above >= below ? 1 : -1)
  // errors of central differences go with even powers of the step
  const ratio = central ? 4 : 2
  const steps = Array.from({ length: LEVELS }, (_, level) => step / 2 ** level)
  const places = [0, ...steps, ...(central ? steps.map((h) => -h) : [])]
  const [value, ...around] = evaluate(
    places.map((h) => t + h),
    places.map((h) => x.map((coordinate, i) => coordinate + h * dx[i])),
  )
  let best: Difference = { value, tangent: new Float64Array(x.length), error: x.map(() => Infinity) }
  let least = Infinity
  let before: Float64Array[] = []
  for (let level = 0; level < LEVELS; level++) {
    const low = central ? around[LEVELS + level] : value
    const width = (central ? 2 : 1) * steps[level]
    const row = [around[level].map((high, i) => (high - low[i]) / width)]
    for (let k = 1; k <= level; k++) {
      const [fine, coarse] = [row[k - 1], before[k - 1]]
      const entry = fine.map((slope, i) => slope + (slope - coarse[i]) / (ratio ** k - 1))
      const error = entry.map((slope, i) => Math.max(Math.abs(slope - fine[i]), Math.abs(slope - coarse[i])))
      const size = error.reduce((sum, off) => sum + off * off, 0)
      row.push(entry)
      if (size < least) {
        least = size
        best = { value, tangent: entry, error }
      }
    }
    before = row
  }
  return best
}
