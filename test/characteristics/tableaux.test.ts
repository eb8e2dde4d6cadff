import { describe, expect, it } from 'vitest'
import { Integrator, type Velocity } from '../../src/characteristics/engine.ts'
import { tableaux } from '../../src/characteristics/index.ts'
import { type ButcherTableau, denseOutput, denseWeights } from '../../src/numeric/butcher-tableau.ts'
import { observedOrder } from './observed-order.ts'
import { elementaryWeights, rootedTrees } from './rooted-trees.ts'

// growth with a seasonal rate, y' = y (1 − y)(1 + 0.7 cos 2.5 s): neither linear nor autonomous; several starts at once
const starts = [0.05, 0.1, 0.2, 0.26, 0.32, 0.4, 0.5, 0.6]
const slope = (s: number, y: number) => y * (1 - y) * (1 + 0.7 * Math.cos(2.5 * s))
const velocity: Velocity = (s, y, out) => {
  for (let i = 0; i < y.length; i++) out[i] = slope(s, y[i])
}
const exact = (s: number) =>
  Float64Array.from(starts, (start) => 1 / (1 + Math.exp(-(s + 0.28 * Math.sin(2.5 * s))) / start))

const all: readonly ButcherTableau[] = Object.values(tableaux)
const END = 5
// grids for the interval: an order is taken from the two finest whose errors are well above rounding
const GRIDS = [8, 12, 16, 20, 24, 28, 32, 40, 48, 64, 80, 120, 160, 320, 640, 1000, 2000]
const ROUNDING = 1e-13
// an estimate is a combination of slopes times a step, with less of it
const ROUNDING_OF_ESTIMATE = 1e-15
const trees = rootedTrees(Math.max(...all.map(({ order }) => order)))

function worst(y: ArrayLike<number>, truth: ArrayLike<number>): number {
  return Math.max(...Array.from(truth, (value, i) => Math.abs(y[i] - value)))
}

/** The root mean square error over all steps and starts. */
function fixedSteps(tableau: ButcherTableau, steps: number): number {
  const integrator = new Integrator(tableau, starts.length, 1)
  const y = exact(0)
  let squares = 0
  for (let i = 0; i < steps; i++) {
    integrator.advance(velocity, (i * END) / steps, ((i + 1) * END) / steps, y)
    exact(((i + 1) * END) / steps).forEach((value, k) => {
      squares += (y[k] - value) ** 2
    })
  }
  return Math.sqrt(squares / (steps * starts.length))
}

/** The largest error of the dense output inside one step from the exact solution, over steps across the interval. */
function denseError(tableau: ButcherTableau, steps: number): number {
  const integrator = new Integrator(tableau, starts.length, 1)
  const h = END / steps
  let largest = 0
  for (let start = 0; start < END; start += 0.25) {
    const at = [0.15, 0.3, 0.5, 0.7, 0.85].map((x) => start + x * h)
    const emit = (i: number, y: Float64Array) => {
      largest = Math.max(largest, worst(y, exact(at[i])))
    }
    integrator.advance(velocity, start, start + h, exact(start), { outputs: { at, emit } })
  }
  return largest
}

/** One row of error estimates for one step of a size, the largest of several. */
function estimate({ a, b, c }: ButcherTableau, row: readonly number[], steps: number): number {
  const h = END / steps
  const combine = (weights: readonly number[], stages: number[]) =>
    h * weights.reduce((sum, weight, j) => sum + weight * stages[j], 0)
  const times = Array.from({ length: 4 * END }, (_, i) => i / 4)
  const estimates = times.flatMap((s) =>
    Array.from(exact(s), (y) => {
      const stages: number[] = []
      c.forEach((node, i) => {
        stages.push(slope(s + node * h, y + combine(a[i], stages)))
      })
      stages.push(slope(s + h, y + combine(b, stages)))
      return Math.abs(combine(row, stages))
    }),
  )
  return Math.max(...estimates)
}

/** The order of an error in the step, on the finest two grids of at most `most` steps that show it. */
function finestOrder(error: (steps: number) => number, most = 2000, rounding = ROUNDING): number {
  let last: [number, number] | undefined
  let order = Number.NaN
  for (const steps of GRIDS.filter((count) => count <= most)) {
    const value = error(steps)
    if (!(value > rounding)) break
    if (last) order = observedOrder([last[0], steps], [last[1], value])
    last = [steps, value]
  }
  return order
}

describe.each(all.map((tableau) => [tableau.name, tableau] as const))('%s', (name, tableau) => {
  const dense = denseOutput(tableau)
  const errors = tableau.error?.weights ?? []
  const sum = (row: readonly number[]) => row.reduce((total, value) => total + value, 0)

  it('has consistent rows', () => {
    tableau.a.forEach((row, i) => {
      expect(row).toHaveLength(i)
      expect(sum(row)).toBeCloseTo(tableau.c[i], 13)
    })
    expect(sum(tableau.b)).toBeCloseTo(1, 14)
    for (const row of errors) expect(sum(row)).toBeCloseTo(0, 13)
    dense.a.forEach((row, i) => {
      expect(sum(row)).toBeCloseTo(dense.c[i], 13)
    })
    for (const row of errors) expect(row.length).toBeLessThanOrEqual(tableau.b.length + 1)
    if (tableau.error) expect(errors.length).toBeOneOf([1, 2])
  })

  it('satisfies the order conditions of every rooted tree', () => {
    const stages = [...tableau.a, tableau.b, ...dense.a]
    const phi = elementaryWeights(stages, trees)
    const weights = new Float64Array(stages.length)
    trees.forEach(({ order, density }, k) => {
      const apply = (row: ArrayLike<number>) =>
        Array.from(row).reduce((total, weight, i) => total + weight * phi[k][i], 0)
      if (order <= tableau.order) expect(Math.abs(apply(tableau.b) - 1 / density)).toBeLessThan(2e-14)
      for (const x of [0.2, 0.55, 0.9]) {
        if (order > dense.order) continue
        denseWeights(tableau, x, weights)
        expect(Math.abs(apply(weights) - x ** order / density)).toBeLessThan(1e-13)
      }
      // two rows of estimates have lower orders that together make that of the method
      if (errors.length === 1 && order <= (tableau.error?.order ?? 0))
        expect(Math.abs(apply(errors[0]))).toBeLessThan(2e-14)
    })
  })

  it('has the order it says, with fixed steps', () => {
    const order = finestOrder((steps) => fixedSteps(tableau, steps))
    expect(Math.abs(order - tableau.order)).toBeLessThan(0.2)
  })

  it('has the dense output it says', () => {
    const order = finestOrder((steps) => denseError(tableau, steps), 160)
    expect(Math.abs(order - (dense.order + 1))).toBeLessThan(0.3)
  })

  it.skipIf(tableau.error === undefined)('has the error estimate it says', () => {
    const orders = errors.map((row) => {
      const order = finestOrder((steps) => estimate(tableau, row, steps), 160, ROUNDING_OF_ESTIMATE)
      expect(Math.abs(order - Math.round(order))).toBeLessThan(0.3)
      return Math.round(order) - 1
    })
    // |E|² / |F| has the order of twice the first less the second
    const [main, other = main] = orders
    expect(2 * main - other).toBe(tableau.error?.order)
    if (name === 'dopri8') expect(orders).toEqual([5, 3])
  })
})

/**
 * The largest r, to 1e-6, with (I + rK)⁻¹K ≥ 0 and r (I + rK)⁻¹K e ≤ 1, K the stages and b: steps of r times one of Euler's keep what it keeps
 * (Kraaijevanger 1991; Gottlieb, Ketcheson & Shu 2011, §3).
 */
function strongStabilityCoefficient({ a, b }: ButcherTableau): number {
  const rows = [...a, b]
  const holds = (r: number) => {
    // rows of (I + rK)⁻¹K, one after another
    const solved: number[][] = []
    for (const row of rows) {
      const own = rows.map((_, j) => (row[j] ?? 0) - r * row.reduce((sum, w, k) => sum + w * solved[k][j], 0))
      solved.push(own)
    }
    return solved.every(
      (row) => Math.min(...row) >= -1e-12 && r * row.reduce((x, y) => x + y, 0) <= 1 + 1e-12,
    )
  }
  let [low, high] = [0, 20]
  while (high - low > 1e-6) {
    const middle = (low + high) / 2
    if (holds(middle)) low = middle
    else high = middle
  }
  return low
}

it.each([
  ['euler', 1],
  ['heun', 1],
  ['ssp-rk3', 1],
  ['ssp-rk104', 6],
  ['rk4', 0],
] as const)('%s is strong-stability-preserving with coefficient %d', (name, coefficient) => {
  expect(strongStabilityCoefficient(tableaux[name])).toBeCloseTo(coefficient, 5)
})
