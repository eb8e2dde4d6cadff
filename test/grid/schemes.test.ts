import { describe, expect, it } from 'vitest'
import { integrators } from '../../solvers/grid/integrators/index.ts'
import type { Integrator } from '../../solvers/grid/integrators/integrator.ts'
import { schemes } from '../../solvers/grid/schemes/index.ts'
import type { Scheme } from '../../solvers/grid/schemes/scheme.ts'
import { observedOrder } from '../characteristics/observed-order.ts'

/** dy/ds = y cos s from 1, to s = 2. */
function integrate({ a, b, c }: Integrator, steps: number): number {
  const h = 2 / steps
  let y = 1
  for (let n = 0; n < steps; n++) {
    const slopes: number[] = []
    c.forEach((node, stage) => {
      const at = (a[stage] ?? []).reduce((sum, weight, k) => sum + h * weight * slopes[k], y)
      slopes.push(at * Math.cos((n + node) * h))
    })
    y = b.reduce((sum, weight, k) => sum + h * weight * slopes[k], y)
  }
  return y
}

describe.each(Object.values(integrators))('$name', (integrator) => {
  it('has its order', () => {
    const errors = [80, 160].map((steps) => Math.abs(integrate(integrator, steps) - Math.exp(Math.sin(2))))
    expect(Math.abs(observedOrder([80, 160], errors) - integrator.order)).toBeLessThan(0.2)
  })

  it('has stages at the sums of its rows', () => {
    integrator.c.forEach((node, s) => {
      expect((integrator.a[s] ?? []).reduce((sum, value) => sum + value, 0)).toBeCloseTo(node, 15)
    })
  })
})

/** Largest error of the derivative of f over inner nodes of a line, for flow in one direction. */
function derivativeError(
  scheme: Scheme,
  f: (y: number) => number,
  slope: (y: number) => number,
  n: number,
  speed: number,
) {
  const h = 2 / (n - 1)
  const slopes = Float64Array.from({ length: n - 1 + 2 * scheme.ghosts }, (_, k) => {
    const left = -1 + (k - scheme.ghosts) * h
    return (f(left + h) - f(left)) / h
  })
  const out = new Float64Array(n)
  scheme.derivative(slopes, new Float64Array(n).fill(speed), n, out)
  return out.reduce((largest, value, j) => Math.max(largest, Math.abs(value - slope(-1 + j * h))), 0)
}

describe.each(Object.values<Scheme>(schemes))('the derivative of $name', (scheme) => {
  it.each([1, -1])('has its order for speed %d', (speed) => {
    const errors = [81, 161].map((n) => derivativeError(scheme, Math.exp, Math.exp, n, speed))
    expect(Math.abs(observedOrder([80, 160], errors) - scheme.order)).toBeLessThan(0.2)
  })

  it.each([1, -1])('stays between the neighbouring slopes at a kink for speed %d', (speed) => {
    const n = 41
    const slopes = Float64Array.from({ length: n - 1 + 2 * scheme.ghosts }, (_, k) => (k < n / 2 ? 1 : 5))
    const out = new Float64Array(n)
    scheme.derivative(slopes, new Float64Array(n).fill(speed), n, out)
    for (const value of out) {
      expect(value).toBeGreaterThan(1 - 0.05)
      expect(value).toBeLessThan(5 + 0.05)
    }
  })
})
