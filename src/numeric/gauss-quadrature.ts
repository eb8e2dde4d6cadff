import { memoizeLru } from './memoize-lru.ts'

/** A quadrature rule Σ w g(node). Shared: not to be changed. */
export interface QuadratureRule {
  readonly nodes: Float64Array
  readonly weights: Float64Array
}

/** Nodes in (−1, 1), ascending, and weights of the Gauss–Legendre rule of so many nodes, by Newton on P_n (DLMF 3.5.15 and 18.9.1). */
export const gaussLegendre = memoizeLru(rule, 16)

function rule(count: number): QuadratureRule {
  const nodes = new Float64Array(count)
  const weights = new Float64Array(count)
  for (let i = 0; i < count; i++) {
    let x = -Math.cos((Math.PI * (i + 0.75)) / (count + 0.5))
    let slope = 1
    for (let pass = 0; pass < 100; pass++) {
      let [previous, value] = [1, x]
      for (let n = 2; n <= count; n++)
        [previous, value] = [value, ((2 * n - 1) * x * value - (n - 1) * previous) / n]
      slope = (count * (previous - x * value)) / (1 - x * x)
      const step = value / slope
      x -= step
      if (Math.abs(step) < 1e-16) break
    }
    nodes[i] = x
    weights[i] = 2 / ((1 - x * x) * slope * slope)
  }
  return { nodes, weights }
}

/**
 * Nodes, ascending, and weights of E g(Z), Z ~ N(0, 1), exact for polynomials of degree 2·count − 1: the zeros of He_count, each between two
 * of the polynomial before (DLMF 3.5.29, 18.9.1).
 */
export const gaussHermite = memoizeLru(lineRule, 16)

/** A rule Σ w g(ξ) for E[g(ξ)], ξ ~ N(0, I) in d dimensions. */
interface NormalRule extends QuadratureRule {
  readonly count: number
  /** [count, d] row-major */
  readonly nodes: Float64Array
}

/** The tensor Gauss–Hermite rule with `order` nodes an axis, exact for polynomials of degree 2·order − 1. */
export function normalRule(order: number, dimension: number): NormalRule {
  const line = gaussHermite(order)
  const count = order ** dimension
  const nodes = new Float64Array(count * dimension)
  const weights = new Float64Array(count).fill(1)
  for (let index = 0; index < count; index++)
    for (let i = 0, rest = index; i < dimension; i++) {
      const k = rest % order
      rest = Math.floor(rest / order)
      nodes[index * dimension + i] = line.nodes[k]
      weights[index] *= line.weights[k]
    }
  return { count, nodes, weights }
}

function lineRule(count: number): QuadratureRule {
  const nodes = new Float64Array(count)
  const weights = new Float64Array(count)
  // the zeros of He_n by bisection between those of the one before, which interlace
  let zeros: number[] = []
  for (let n = 1; n <= count; n++) {
    const bound = 2 * Math.sqrt(n) + 1
    const ends = [-bound, ...zeros, bound]
    zeros = Array.from({ length: n }, (_, i) => zeroBetween(n, ends[i], ends[i + 1]))
  }
  zeros.forEach((zero, i) => {
    nodes[i] = zero
    // (n − 1)!/(n He_{n−1}²), by orthonormal polynomials so that nothing overflows
    weights[i] = 1 / (count * orthonormal(count - 1, zero) ** 2)
  })
  return { nodes, weights }
}

function zeroBetween(n: number, low: number, high: number): number {
  const sign = Math.sign(orthonormal(n, low))
  let [from, to] = [low, high]
  for (let i = 0; i < 100; i++) {
    const middle = (from + to) / 2
    if (Math.sign(orthonormal(n, middle)) === sign) from = middle
    else to = middle
  }
  return (from + to) / 2
}

/** He_n(x)/√n!. */
function orthonormal(n: number, x: number): number {
  let [before, value] = [0, 1]
  for (let k = 0; k < n; k++)
    [before, value] = [value, (x * value - Math.sqrt(k) * before) / Math.sqrt(k + 1)]
  return value
}
