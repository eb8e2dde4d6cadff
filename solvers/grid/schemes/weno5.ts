import type { ButcherTableau } from '../../../src/numeric/butcher-tableau.ts'
import { type LineScheme, lineScheme } from './line-scheme.ts'

/**
 * WENO5 in finite differences (Jiang and Shu 1996) with the Z weights of Borges, Carmona, Costa and Don 2008: fifth order in h
 * where f is smooth, and the order of its integrator in Δθ. The derivative is the difference of values between the nodes,
 * f̂_(j+½) − f̂_(j−½): at a jump less is smeared than by the form for Hamilton–Jacobi equations, which is made for kinks.
 */
export function weno5(
  name: string,
  integrator: ButcherTableau,
  limits: { readonly courant: number; readonly mostCourant: number },
): LineScheme {
  return lineScheme({
    name,
    order: 5,
    integrator,
    ...limits,
    ghosts: 3,
    degree: 5,
    kernel: { stencils: 3, tables: () => new Float64Array(0) },
    derivative(slopes, speed, n, out) {
      for (let j = 0; j < n; j++) {
        // interval j is at slopes[j + 3]; from the left the stencil is intervals j − 3 … j + 1, from the right its mirror
        out[j] =
          speed[j] > 0
            ? combine(slopes[j], slopes[j + 1], slopes[j + 2], slopes[j + 3], slopes[j + 4])
            : combine(slopes[j + 5], slopes[j + 4], slopes[j + 3], slopes[j + 2], slopes[j + 1])
      }
    },
  })
}

function combine(a: number, b: number, c: number, d: number, e: number): number {
  return c + (faceIncrement(b, c, d, e) - faceIncrement(a, b, c, d))
}

/**
 * How far f half an interval downstream of a node is above f there, from the differences p, q before and r, s behind the node. Four
 * times the smoothness of the papers, and all weights over the product of the smoothnesses, so that there is one division.
 */
function faceIncrement(p: number, q: number, r: number, s: number): number {
  const epsilon = 1e-12 * Math.max(p * p, q * q, r * r, s * s) + 1e-40
  const s1 = smoothness(q - p, 3 * q - p, epsilon)
  const s2 = smoothness(r - q, q + r, epsilon)
  const s3 = smoothness(s - r, 3 * r - s, epsilon)
  const tau = (s1 - s3) * (s1 - s3)
  const s12 = s1 * s2
  const s13 = s1 * s3
  const s23 = s2 * s3
  const w1 = (s1 * s1 + tau) * (s23 * s23)
  const w2 = 6 * ((s2 * s2 + tau) * (s13 * s13))
  const w3 = 3 * ((s3 * s3 + tau) * (s12 * s12))
  const sum = w1 * (5 * q - (p + p)) + w2 * (q + (r + r)) + w3 * (4 * r - s)
  return sum / (6 * (w1 + w2 + w3))
}

function smoothness(bend: number, slope: number, epsilon: number): number {
  return (13 / 3) * (bend * bend) + slope * slope + epsilon
}
