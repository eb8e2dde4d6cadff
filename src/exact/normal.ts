import erfc from '@stdlib/math-base-special-erfc'
import erfcinv from '@stdlib/math-base-special-erfcinv'
import erfcx from '@stdlib/math-base-special-erfcx'

const LOG_2 = Math.log(2)

/** Φ(z), the standard normal distribution function, to relative accuracy in the left tail down to 1e-300. */
export function normalCdf(z: number): number {
  return erfc(-z / Math.SQRT2) / 2
}

/** log Φ(z): no underflow however far in the left tail. */
export function logNormalCdf(z: number): number {
  if (z > 0) return Math.log1p(-erfc(z / Math.SQRT2) / 2)
  if (z > -5) return Math.log(normalCdf(z))
  return Math.log(erfcx(-z / Math.SQRT2)) - LOG_2 - (z * z) / 2
}

/** Φ⁻¹(exp(logP)) for logP ≤ log ½. By erfcinv where exp(logP) does not underflow, by Newton on log Φ beyond. */
export function normalQuantileOfLog(logP: number): number {
  if (logP > -690) return -Math.SQRT2 * erfcinv(2 * Math.exp(logP))
  let z = -Math.sqrt(-2 * logP)
  for (let i = 0; i < 20; i++) {
    const value = logNormalCdf(z)
    const slope = Math.exp(-(z * z + Math.log(2 * Math.PI)) / 2 - value)
    const step = (value - logP) / slope
    z -= step
    if (Math.abs(step) < 1e-15 * Math.abs(z)) break
  }
  return z
}
