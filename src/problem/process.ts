/**
 * A linear forward process X_t = α(t) X₀ + m(t) + σ(t) Z, Z ~ N(0, I), m = 0 unless given. Every such process reduces to the
 * VE process by f(t, x) = f_VE(σ(t)/α(t), (x − m(t))/α(t)) (docs/mathematics.md §1).
 */
export interface Process {
  readonly kind: string
  /** The largest time the process is defined for. */
  readonly maximumTime: number
  alpha(t: number): number
  sigma(t: number): number
  /** What is added to every coordinate. */
  mean?(t: number): number
}

/** The time τ = σ(t)/α(t) of the VE process that a linear process reduces to. */
export function veTime(process: Process, t: number): number {
  return process.sigma(t) / process.alpha(t)
}

/** The points (x − m(t))/α(t) of the VE process; x itself where nothing changes. */
export function vePoints(process: Process, t: number, x: Float64Array): Float64Array {
  const alpha = process.alpha(t)
  const mean = process.mean?.(t) ?? 0
  return alpha === 1 && mean === 0 ? x : x.map((value) => (value - mean) / alpha)
}

/** The time in [0, largest] whose VE time is the given one, by bisection: σ/α grows. */
export function processTime(process: Process, ve: number, largest = process.maximumTime): number {
  let low = 0
  let high = largest
  while (true) {
    const middle = (low + high) / 2
    if (middle <= low || middle >= high) return veTime(process, low) >= ve ? low : high
    if (veTime(process, middle) < ve) low = middle
    else high = middle
  }
}
