import { gaussLegendre, type QuadratureRule } from '../../../numeric/gauss-quadrature.ts'

/** Nodes of a cell along one axis: a polynomial of degree 15 a cell. */
export const NODES = 16

/** The Gauss–Legendre nodes and weights of a cell, and what is made of values at them. */
interface LegendreRule extends QuadratureRule {
  /** Row k: the weights that take values at the nodes to the coefficient of P_k, (k + ½) w_p P_k(node_p). */
  readonly coefficients: readonly Float64Array[]
  /** From values at the nodes of a cell to those at the nodes of its lower and upper half: row i, weight of node p. */
  readonly halves: readonly (readonly Float64Array[])[]
}

let made: LegendreRule | undefined

export function legendreRule(): LegendreRule {
  made ??= makeRule()
  return made
}

function makeRule(): LegendreRule {
  const { nodes, weights } = gaussLegendre(NODES)
  const atNodes = Array.from(nodes, (node) => legendre(node).values)
  const coefficients = Array.from({ length: NODES }, (_, k) =>
    weights.map((w, p) => (k + 0.5) * w * atNodes[p][k]),
  )
  const halves = [-1, 1].map((side) =>
    Array.from(nodes, (node) => interpolate(coefficients, (node + side) / 2).value),
  )
  return { nodes, weights, coefficients, halves }
}

/** P_0 … P_15 and their derivatives at x. */
function legendre(x: number): { values: Float64Array; slopes: Float64Array } {
  const values = new Float64Array(NODES).fill(1)
  const slopes = new Float64Array(NODES)
  values[1] = x
  slopes[1] = 1
  for (let k = 2; k < NODES; k++) {
    values[k] = ((2 * k - 1) * x * values[k - 1] - (k - 1) * values[k - 2]) / k
    slopes[k] = slopes[k - 2] + (2 * k - 1) * values[k - 1]
  }
  return { values, slopes }
}

/** Weights that take values at the nodes to the value, and to the derivative, of their polynomial at x in [−1, 1]. */
export function interpolation(x: number): { value: Float64Array; slope: Float64Array } {
  return interpolate(legendreRule().coefficients, x)
}

function interpolate(coefficients: readonly Float64Array[], x: number) {
  const { values, slopes } = legendre(x)
  const value = new Float64Array(NODES)
  const slope = new Float64Array(NODES)
  for (let k = 0; k < NODES; k++)
    for (let p = 0; p < NODES; p++) {
      value[p] += coefficients[k][p] * values[k]
      slope[p] += coefficients[k][p] * slopes[k]
    }
  return { value, slope }
}
