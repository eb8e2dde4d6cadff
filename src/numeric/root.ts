// the constants of the paper's experiments
const SLOPE = 0.2
const EXTRA = 1

/**
 * A root of g between a and b, where g changes sign, to within `tolerance`, by the ITP method: never more evaluations than
 * bisection plus one, superlinear on smooth functions (I. F. D. Oliveira & R. H. C. Takahashi, An enhancement of the bisection method
 * average performance preserving minmax optimality, ACM TOMS 47, 2020). Returns the end of the last bracket on b's side.
 *
 * @param ga, gb values of g at a and b, of different signs
 */
export function findRoot(
  g: (s: number) => number,
  [a, b]: readonly [number, number],
  [ga, gb]: readonly [number, number],
  tolerance: number,
): number {
  const width = Math.abs(b - a)
  const most = Math.ceil(Math.log2(Math.max(1, width / tolerance))) + EXTRA
  let [low, high, gLow, gHigh] = [a, b, ga, gb]
  for (let j = 0; j <= most && Math.abs(high - low) > tolerance && gHigh !== 0; j++) {
    const size = Math.abs(high - low)
    const middle = (low + high) / 2
    const falsi = (gHigh * low - gLow * high) / (gHigh - gLow)
    const shift = (SLOPE * size * size) / width
    const sign = Math.sign(middle - falsi)
    const truncated = shift <= Math.abs(middle - falsi) ? falsi + sign * shift : middle
    const radius = Math.max(0, (tolerance / 2) * 2 ** (most - j) - size / 2)
    const s = Math.abs(truncated - middle) <= radius ? truncated : middle - sign * radius
    const value = g(s)
    if (Math.sign(value) === Math.sign(gLow)) [low, gLow] = [s, value]
    else [high, gHigh] = [s, value]
  }
  return high
}

/**
 * The root of an increasing function, to within `tolerance`, from a bracket grown around a guess.
 *
 * @param width first size of the bracket on either side
 */
export function increasingRoot(
  f: (x: number) => number,
  guess: number,
  width: number,
  tolerance: number,
): number {
  let [low, high] = [guess - width, guess + width]
  let [below, above] = [f(low), f(high)]
  for (let grow = width; below > 0; grow *= 2) {
    ;[high, above] = [low, below]
    low -= grow
    below = f(low)
  }
  for (let grow = width; above < 0; grow *= 2) {
    ;[low, below] = [high, above]
    high += grow
    above = f(high)
  }
  return below === 0 ? low : findRoot(f, [low, high], [below, above], tolerance)
}

const MOST_ITERATIONS = 300

/**
 * A root of an increasing g in a bracket that shrinks at every step, by Newton's method. A step has to stay inside, and every fourth one is a
 * bisection: on a plateau, as between the modes of a distribution function, Newton's steps lead nowhere.
 *
 * @param newton where Newton's method goes from x, at which g is `value`: g was called last there
 * @param settled whether a step that ended at x is rounding
 */
export function safeguardedNewton(
  g: (x: number) => number,
  newton: (x: number, value: number) => number,
  [from, to]: readonly [number, number],
  start: number,
  settled: (x: number, step: number, low: number, high: number) => boolean = isRounding,
): number {
  let [low, high] = [from, to]
  let x = start
  for (let i = 0; i < MOST_ITERATIONS; i++) {
    const value = g(x)
    if (value === 0) return x
    if (value < 0) low = x
    else high = x
    const guess = newton(x, value)
    const next = guess > low && guess < high && i % 4 !== 3 ? guess : (low + high) / 2
    const step = Math.abs(next - x)
    x = next
    if (settled(x, step, low, high)) break
  }
  return x
}

function isRounding(x: number, step: number, low: number, high: number): boolean {
  return step <= 2e-16 * Math.abs(x) || high - low <= 2e-16 * Math.max(Math.abs(low), Math.abs(high))
}
