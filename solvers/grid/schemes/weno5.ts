import { sspRk3 } from '../integrators/ssp-rk3.ts'
import { lineScheme } from './line-scheme.ts'

/**
 * Hamilton–Jacobi WENO5: fifth order in h where f is smooth (Jiang and Peng 2000, eq. 2.9–2.16; the ε of Osher and
 * Fedkiw 2003, eq. 3.38), with SSP-RK3, third order in Δθ. At a fixed Courant number the order of the whole is
 * therefore 3 once the error in θ is the larger; it is 5 with Courant numbers that shrink like h^(2/3).
 */
export const weno5Scheme = lineScheme({
  name: 'weno5',
  order: 5,
  integrator: sspRk3,
  ghosts: 3,
  degree: 5,
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

function combine(a: number, b: number, c: number, d: number, e: number): number {
  const epsilon = 1e-6 * Math.max(a * a, b * b, c * c, d * d, e * e) + 1e-99
  const s1 = (13 / 12) * (a - 2 * b + c) ** 2 + 0.25 * (a - 4 * b + 3 * c) ** 2 + epsilon
  const s2 = (13 / 12) * (b - 2 * c + d) ** 2 + 0.25 * (b - d) ** 2 + epsilon
  const s3 = (13 / 12) * (c - 2 * d + e) ** 2 + 0.25 * (3 * c - 4 * d + e) ** 2 + epsilon
  const w1 = 0.1 / (s1 * s1)
  const w2 = 0.6 / (s2 * s2)
  const w3 = 0.3 / (s3 * s3)
  const first = (2 * a - 7 * b + 11 * c) / 6
  const second = (-b + 5 * c + 2 * d) / 6
  const third = (2 * c + 5 * d - e) / 6
  return (w1 * first + w2 * second + w3 * third) / (w1 + w2 + w3)
}
