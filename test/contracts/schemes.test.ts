import { describe, expect, it } from 'vitest'
import { type SchemeName, schemes } from '../../solvers/grid/schemes/index.ts'
import type { Scheme } from '../../solvers/grid/schemes/scheme.ts'
import { cube } from '../../solvers/grid/uniform-grid.ts'

/**
 * By how much the total variation of a jump may grow. 0: not at all, as limiters promise (LeVeque, Finite Volume Methods for
 * Hyperbolic Problems, 2002, §6.7). WENO promises next to nothing; second order without a limiter and splines overshoot; one
 * polynomial for the whole line rings. A new scheme has a line here, and its grids in test/grid/scheme-orders.test.ts.
 */
const growth = {
  upwind: 0,
  'lax-wendroff': 1.6,
  'lax-wendroff-minmod': 0,
  'lax-wendroff-mc': 0,
  'lax-wendroff-superbee': 0,
  'lax-wendroff-van-leer': 0,
  weno3: 1e-3,
  weno5: 1e-3,
  'weno5-rk4': 1e-3,
  weno7: 1e-3,
  weno9: 1e-3,
  'semi-lagrangian-cubic': 1.1,
  'semi-lagrangian-quintic': 1.4,
  chebyshev: 3,
} satisfies Record<SchemeName, number>

/** The jump goes from the first place to the second. */
const [START, END] = [0.1, 0.8]

const totalVariation = (f: Float64Array) =>
  f.reduce((sum, value, i) => sum + (i > 0 ? Math.abs(value - f[i - 1]) : 0), 0)

describe.each(Object.entries<Scheme>(schemes))('%s', (name, scheme) => {
  describe.each([1, -1])('with the jump on the side %d', (side) => {
    it.each([0.2, 0.95])('carries it outwards at %d of its largest Courant number', (share) => {
      const grid = cube(1, 1, 101)
      const { nodes, step } = scheme.discretise(grid, (_, y, out) => out.set(y))
      const f = nodes.map((y) => Number(side * y > START))
      const duration = Math.log(END / START)
      const steps = Math.ceil(duration / (share * Math.min(5, scheme.mostCourant) * grid.spacing[0]))
      let worst = 0
      for (let k = 0; k < steps; k++) {
        step(f, (duration * k) / steps, (duration * (k + 1)) / steps)
        worst = Math.max(worst, totalVariation(f) - 1)
      }
      expect(worst).toBeLessThan(growth[name as SchemeName] + 1e-12)
      // and it comes to where the flow carries it, spread by the scheme
      nodes.forEach((y, i) => {
        if (Math.abs(side * y - END) > 0.15) expect(Math.abs(f[i] - Number(side * y > END))).toBeLessThan(0.5)
      })
    })
  })
})
