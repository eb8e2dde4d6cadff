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
