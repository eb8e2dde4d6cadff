// comparisons in formulas hold to 1e-12 of their sides
const MARGIN = 4e-12

/** t kept inside (low, high) by a hair, so that a coefficient with a jump at an end is taken from inside. */
export function inside(t: number, low: number, high: number): number {
  const margin = Math.min(MARGIN * Math.max(Math.abs(low), Math.abs(high)), (high - low) / 4)
  return Math.min(high - margin, Math.max(low + margin, t))
}
