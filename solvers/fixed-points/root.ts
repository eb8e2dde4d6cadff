const MOST = 200

/**
 * The root of an increasing function by false position (Illinois), from a bracket grown around a guess.
 *
 * @param width first size of the bracket
 * @param tolerance of the root
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
  let side = 0
  for (let i = 0; i < MOST && high - low > tolerance; i++) {
    // where one end stays, halve its value; every fourth step is a bisection
    const x = i % 4 === 3 ? (low + high) / 2 : (low * above - high * below) / (above - below)
    const value = f(x)
    if (value === 0) return x
    if (value < 0) {
      ;[low, below] = [x, value]
      if (side === -1) above /= 2
      side = -1
    } else {
      ;[high, above] = [x, value]
      if (side === 1) below /= 2
      side = 1
    }
  }
  return (low + high) / 2
}
