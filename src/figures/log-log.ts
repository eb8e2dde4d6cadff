/**
 * Least-squares slope of log y against log x, over pairs where both are positive; null for fewer than two
 * different x.
 */
export function logLogSlope(x: ArrayLike<number>, y: ArrayLike<number>): number | null {
  let n = 0
  let sumX = 0
  let sumY = 0
  for (let i = 0; i < x.length; i++) {
    if (!drawable(x[i] as number) || !drawable(y[i] as number)) continue
    n++
    sumX += Math.log(x[i] as number)
    sumY += Math.log(y[i] as number)
  }
  let square = 0
  let product = 0
  for (let i = 0; i < x.length; i++) {
    if (!drawable(x[i] as number) || !drawable(y[i] as number)) continue
    const fromMean = Math.log(x[i] as number) - sumX / n
    square += fromMean ** 2
    product += fromMean * (Math.log(y[i] as number) - sumY / n)
  }
  return square > 1e-12 ? product / square : null
}

/** Whether a logarithmic axis can show the value. */
export function drawable(value: number): boolean {
  return value > 0 && value < Infinity
}

/** The pairs that logarithmic axes can show. */
export function pairs(line: { x: ArrayLike<number>; y: ArrayLike<number> }): (readonly [number, number])[] {
  const points: (readonly [number, number])[] = []
  for (let i = 0; i < line.x.length; i++) {
    const x = line.x[i] as number
    const y = line.y[i] as number
    if (drawable(x) && drawable(y)) points.push([x, y])
  }
  return points
}
