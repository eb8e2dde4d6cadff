import { describe, expect, it } from 'vitest'
import { gridMethod } from '../../solvers/grid/index.ts'
import { type SchemeName, schemes } from '../../solvers/grid/schemes/index.ts'
import type { Scheme } from '../../solvers/grid/schemes/scheme.ts'
import { cube } from '../../src/numeric/uniform-grid.ts'
import { observedOrder } from '../characteristics/observed-order.ts'
import { mildLine, orderOf, rootMeanSquare } from '../grid/weighted-error.ts'

interface Expected {
  /**
   * By how much the total variation of a jump may grow. 0: not at all, as limiters promise (LeVeque, Finite Volume Methods for
   * Hyperbolic Problems, 2002, §6.7). WENO promises next to nothing; second order without a limiter and splines overshoot; one
   * polynomial for the whole line rings.
   */
  readonly growth: number
  /**
   * Cells an axis at which the order shows: on a line, in the plane and, for some, in space; null for a scheme without an order.
   * `rate` is how fast f grows in plane and space: fast enough for the error of a high order to be above what comes in from the boundary.
   */
  readonly order: {
    readonly line: readonly [number, number]
    readonly plane?: readonly [number, number]
    readonly space?: readonly [number, number]
    readonly rate?: { readonly plane?: number; readonly space?: number }
  } | null
}

/** A new scheme has a line here. */
const expected = {
  upwind: { growth: 0, order: { line: [400, 800], plane: [96, 128], space: [24, 32] } },
  'lax-wendroff': { growth: 1.6, order: { line: [200, 400], plane: [48, 64], space: [16, 24] } },
  'lax-wendroff-minmod': { growth: 0, order: { line: [400, 800], plane: [64, 96] } },
  'lax-wendroff-mc': { growth: 0, order: { line: [200, 400], plane: [48, 64] } },
  'lax-wendroff-superbee': { growth: 0, order: { line: [200, 400], plane: [48, 64] } },
  'lax-wendroff-van-leer': { growth: 0, order: { line: [200, 400], plane: [48, 64] } },
  weno3: {
    growth: 1e-3,
    order: { line: [400, 800], plane: [96, 128], space: [24, 32], rate: { space: 0.5 } },
  },
  weno5: { growth: 1e-3, order: { line: [400, 800], plane: [48, 64], space: [20, 24] } },
  'weno5-rk4': { growth: 1e-3, order: { line: [400, 800], plane: [48, 64] } },
  weno7: { growth: 1e-3, order: { line: [200, 400], plane: [48, 56], rate: { plane: 3 } } },
  weno9: { growth: 1e-3, order: { line: [100, 200], plane: [40, 48], rate: { plane: 4 } } },
  'semi-lagrangian-cubic': { growth: 1.1, order: { line: [1600, 3200], plane: [64, 96], space: [16, 24] } },
  'semi-lagrangian-quintic': { growth: 1.4, order: { line: [400, 800] } },
  chebyshev: { growth: 3, order: null },
} satisfies Record<SchemeName, Expected>

/** The jump goes from the first place to the second. */
const [START, END] = [0.1, 0.8]

const totalVariation = (f: Float64Array) =>
  f.reduce((sum, value, i) => sum + (i > 0 ? Math.abs(value - f[i - 1]) : 0), 0)

describe.each(Object.entries<() => Scheme>(schemes))('%s', (name, make) => {
  const scheme = make()

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
      expect(worst).toBeLessThan(expected[name as SchemeName].growth + 1e-12)
      // and it comes to where the flow carries it, spread by the scheme
      nodes.forEach((y, i) => {
        if (Math.abs(side * y - END) > 0.15) expect(Math.abs(f[i] - Number(side * y > END))).toBeLessThan(0.5)
      })
    })
  })
})

const ordered = Object.entries<Expected>(expected).flatMap(([name, { order }]) =>
  order ? [{ name: name as SchemeName, order }] : [],
)

describe.each(ordered)('the order of $name', ({ name, order: { line, plane, space, rate } }) => {
  const scheme: Scheme = schemes[name]()

  it('shows on a problem with a mild layer', async () => {
    const cfl = (cells: number) => courant(scheme, cells, line[0])
    const method = (nodes: number) => gridMethod({ scheme: name, nodes, cfl: cfl(nodes - 1) })
    const order = await orderOf(method, mildLine, 2, [line[0] + 1, line[1] + 1])
    expect(Math.abs(order - scheme.order)).toBeLessThan(0.2)
  })

  it.each(
    [plane, space].flatMap((cells, i) =>
      cells ? [{ d: i + 2, cells, growth: (i === 0 ? rate?.plane : rate?.space) ?? 1 }] : [],
    ),
  )('shows in a turning flow in $d-D', ({ d, cells, growth }) => {
    const errors = cells.map((count) => turningError(scheme, d, count, cells[0], growth))
    expect(Math.abs(observedOrder(cells, errors) - scheme.order)).toBeLessThan(0.2)
  })
})

/** Courant numbers that shrink so that the order in Δθ does not show. */
function courant({ order, orderInAngle, courant: usual }: Scheme, cells: number, coarsest: number): number {
  return (
    Math.min(1, usual) *
    0.5 *
    (coarsest / cells) ** (order < Infinity ? Math.max(0, order / orderInAngle - 1) : 0)
  )
}

/**
 * The error at some nodes in the middle of the box for a flow that turns the first two axes about a point beside the middle, ever
 * faster, and drifts along the third.
 */
function turningError(scheme: Scheme, d: number, cells: number, coarsest: number, rate = 1): number {
  const grid = cube(d, d === 2 ? 3 : 1.5, cells + 1)
  const velocity = (theta: number, y: Float64Array, out: Float64Array) => {
    for (let row = 0; row < y.length; row += d) {
      out[row] = -2 * theta * (y[row + 1] + 0.3)
      out[row + 1] = 2 * theta * (y[row] - 0.2)
      if (d === 3) out[row + 2] = 2 * theta * 0.5
    }
  }
  const { nodes, step } = scheme.discretise(grid, velocity)
  const end = 0.4
  const fastest = 2 * end * (2 * grid.high[0] + 0.5 + 0.5)
  const steps = Math.ceil((end * fastest) / grid.spacing[0] / courant(scheme, cells, coarsest))
  const f = initial(nodes, d, rate)
  for (let k = 0; k < steps; k++) step(f, (end * k) / steps, (end * (k + 1)) / steps)
  const angle = end ** 2
  const back = nodes.slice()
  for (let row = 0; row < back.length; row += d) {
    const [x, y] = [nodes[row] - 0.2, nodes[row + 1] + 0.3]
    back[row] = 0.2 + Math.cos(angle) * x + Math.sin(angle) * y
    back[row + 1] = -0.3 - Math.sin(angle) * x + Math.cos(angle) * y
    if (d === 3) back[row + 2] -= 0.5 * angle
  }
  const truth = initial(back, d, rate)
  let squares = 0
  // nodes that all grids have
  for (let row = 0; row < f.length; row += d) {
    if (nodes.subarray(row, row + d).some((y) => y !== 0 && (d === 3 || Math.abs(y) !== 0.75))) continue
    for (let i = row; i < row + d; i++) squares += (f[i] - truth[i]) ** 2
  }
  return Math.sqrt(squares)
}

/** Components without an extremum or an inflection in the middle of the box. */
function initial(y: Float64Array, d: number, rate: number): Float64Array {
  const f = new Float64Array(y.length)
  for (let row = 0; row < y.length; row += d)
    for (let m = 0; m < d; m++)
      f[row + m] = Math.exp(
        rate * (0.9 * y[row] + 0.6 * y[row + 1] + (d === 3 ? 0.7 * y[row + 2] : 0)) + 0.1 * m,
      )
  return f
}

describe('chebyshev', () => {
  it('gains more with every refinement, as a spectral method does', async () => {
    const errors: number[] = []
    for (const nodes of [17, 33, 65])
      errors.push(await rootMeanSquare(gridMethod({ scheme: 'chebyshev', nodes, cfl: 0.1 }), mildLine, 2))
    const orders = [1, 2].map((i) => Math.log2(errors[i - 1] / errors[i]))
    expect(orders[0]).toBeGreaterThan(4)
    expect(orders[1]).toBeGreaterThan(7)
    expect(errors[2]).toBeLessThan(3e-6)
  })

  it('leaves little more than the linear continuation at the corners, where the flow comes in, in 2-D', () => {
    expect(turningError(schemes.chebyshev(), 2, 16, 16)).toBeLessThan(5e-6)
  })
})
