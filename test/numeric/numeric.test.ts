import { describe, expect, it } from 'vitest'
import { gaussHermite, gaussLegendre, normalRule } from '../../src/numeric/gauss-quadrature.ts'
import { memoizeLru } from '../../src/numeric/memoize-lru.ts'
import { findRoot, increasingRoot } from '../../src/numeric/root.ts'

it('Gauss–Hermite quadrature has the moments of a normal', () => {
  const { nodes, weights } = gaussHermite(10)
  const moment = (power: number) => nodes.reduce((sum, node, i) => sum + weights[i] * node ** power, 0)
  for (const [power, wanted] of [
    [0, 1],
    [1, 0],
    [2, 1],
    [4, 3],
    [6, 15],
    [8, 105],
    [18, 34_459_425],
  ])
    expect(Math.abs(moment(power) - wanted)).toBeLessThan(1e-11 * Math.max(1, wanted))
})

it.each([1, 2, 3, 8, 24])('Gauss–Legendre quadrature with %d nodes is exact up to its degree', (count) => {
  const { nodes, weights } = gaussLegendre(count)
  for (let power = 0; power < 2 * count; power++) {
    const sum = nodes.reduce((total, node, i) => total + weights[i] * node ** power, 0)
    expect(Math.abs(sum - (power % 2 === 0 ? 2 / (power + 1) : 0))).toBeLessThan(1e-14)
  }
})

it('the tensor rule has the moments of a normal in the plane, at each pair of nodes once', () => {
  const { count, nodes, weights } = normalRule(5, 2)
  const moment = (p: number, q: number) =>
    weights.reduce((sum, weight, k) => sum + weight * nodes[2 * k] ** p * nodes[2 * k + 1] ** q, 0)
  expect(count).toBe(25)
  for (const [p, q, wanted] of [
    [0, 0, 1],
    [2, 0, 1],
    [2, 4, 3],
    [8, 2, 105],
    [3, 2, 0],
  ])
    expect(Math.abs(moment(p, q) - wanted)).toBeLessThan(1e-11 * Math.max(1, wanted))
})

describe('findRoot', () => {
  it.each([
    ['smooth', (x: number) => Math.exp(x) - 2, Math.log(2), 12],
    ['flat', (x: number) => (x - 0.3) ** 9, 0.3, 42],
    ['a jump', (x: number) => (x < 0.7 ? -1 : 2), 0.7, 42],
  ])('%s', (_, g, root, most) => {
    let calls = 0
    const found = findRoot(
      (x) => {
        calls++
        return g(x)
      },
      [0, 1],
      [g(0), g(1)],
      1e-12,
    )
    expect(Math.abs(found - root)).toBeLessThan(2e-12)
    expect(calls).toBeLessThanOrEqual(most)
  })
})

describe('increasingRoot', () => {
  it.each([
    ['smooth', (x: number) => Math.exp(x) - 20, Math.log(20)],
    ['flat on both sides', (x: number) => Math.atan(50 * (x - 3)), 3],
    ['a jump', (x: number) => (x < -40 ? -1 : 2), -40],
  ])('finds the root however far the guess is off: %s', (_, f, root) => {
    for (const guess of [root - 100, root - 0.3, root, root + 0.01, root + 77])
      expect(Math.abs(increasingRoot(f, guess, 0.5, 1e-11) - root)).toBeLessThan(1e-11)
  })

  it('takes few evaluations', () => {
    let count = 0
    const f = (x: number) => {
      count++
      return Math.sinh(x) + x - 7
    }
    increasingRoot(f, 1, 1, 1e-12)
    expect(count).toBeLessThan(20)
  })
})

it('memoizeLru keeps the values asked for last', () => {
  const made: number[] = []
  const square = memoizeLru((x) => {
    made.push(x)
    return { square: x * x }
  }, 2)
  const first = square(1)
  square(2)
  expect(square(1)).toBe(first)
  square(3)
  expect(square(1)).toBe(first)
  square(2)
  expect(made).toEqual([1, 2, 3, 2])
})
