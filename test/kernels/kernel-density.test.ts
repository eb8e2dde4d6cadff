import { describe, expect, it } from 'vitest'
import { KernelDensityKernel } from '../../src/kernels/kernel-density.ts'
import { Random } from '../../src/random/random.ts'

describe.each([1, 2, 3, 5, 64])('the kernel of kernel densities in %d-D', (d) => {
  it.each([1, 2, 7, 301])('with %d centres agrees with plain sums', (n) => {
    const random = new Random(d * 1000 + n)
    const centres = Float64Array.from({ length: n * d }, () => 3 * random.normal())
    // more rows than one block holds
    const rows = d > 5 || n > 100 ? 40 : 1100
    const x = Float64Array.from({ length: rows * d }, () => 4 * random.normal())
    const variances = Float64Array.from({ length: rows }, () => 10 ** (4 * random.uniform() - 2))
    const kernel = new KernelDensityKernel(centres, d)
    let seen = 0
    kernel.respond(variances, x, (row, values, at) => {
      seen++
      const squares = Array.from({ length: n }, (_, k) => {
        let sum = 0
        for (let i = 0; i < d; i++) sum += (x[row * d + i] - centres[k * d + i]) ** 2
        return sum
      })
      const nearest = Math.min(...squares)
      const weights = squares.map((square) => Math.exp(-(square - nearest) / (2 * variances[row])))
      const total = weights.reduce((a, b) => a + b, 0)
      expect(values[at + d] / nearest).toBeCloseTo(1, 12)
      expect(values[at + d + 1] / total).toBeCloseTo(1, 12)
      for (let i = 0; i < d; i++) {
        const mean = weights.reduce((sum, weight, k) => sum + weight * centres[k * d + i], 0) / total
        expect(Math.abs(values[at + i] - mean)).toBeLessThan(1e-12 * (3 + Math.abs(mean)))
      }
    })
    expect(seen).toBe(rows)
  })
})
