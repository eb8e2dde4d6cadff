import { describe, expect, it } from 'vitest'
import { type LimiterName, limiters } from '../../solvers/grid/schemes/lax-wendroff.ts'

/** φ(r) as published (LeVeque, Finite Volume Methods for Hyperbolic Problems, 2002, eq. 6.39). A new limiter has a line here. */
const published = {
  none: () => 1,
  minmod: (r) => Math.max(0, Math.min(1, r)),
  mc: (r) => Math.max(0, Math.min((1 + r) / 2, 2, 2 * r)),
  superbee: (r) => Math.max(0, Math.min(1, 2 * r), Math.min(2, r)),
  'van-leer': (r) => (r + Math.abs(r)) / (1 + Math.abs(r)),
} satisfies Record<LimiterName, (r: number) => number>

const ratios = [-3, -1, -0.2, 0, 0.1, 0.4, 0.5, 0.7, 1, 1.3, 2, 3, 7]

describe.each(Object.entries(limiters))('%s', (name, limiter) => {
  it.each([1, -1, 0.03, -20])('is φ(r)·ahead for ahead = %d', (ahead) => {
    for (const r of ratios)
      expect(limiter(r * ahead, ahead) / ahead).toBeCloseTo(published[name as LimiterName](r), 13)
  })

  it('keeps straight lines, and where it limits, lies in the region in which nothing new is made', () => {
    expect(limiter(1, 1)).toBe(1)
    if (name === 'none') return
    for (const r of ratios) {
      const phi = limiter(r, 1)
      expect(phi).toBeGreaterThanOrEqual(0)
      expect(phi).toBeLessThanOrEqual(Math.max(0, Math.min(2, 2 * r)))
      // the same forward and backward: φ(r)/r = φ(1/r)
      if (r > 0) expect(phi / r).toBeCloseTo(limiter(1 / r, 1), 13)
    }
    expect(limiter(0, 0)).toBe(0)
  })
})
