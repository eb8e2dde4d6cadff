import { describe, expect, it } from 'vitest'
import { Convolution } from '../../src/fokker-planck/convolution.ts'
import { nodeCoordinates, uniformGrid } from '../../src/numeric/uniform-grid.ts'

describe('the convolution of a density with a Gaussian', () => {
  const grid = uniformGrid(Float64Array.of(-8), Float64Array.of(8), 641)
  const x = nodeCoordinates(grid)
  const mixture = (variance: number) =>
    x.map((value) =>
      Math.log(
        [-1.5, 2].reduce(
          (sum, mean) =>
            sum + Math.exp(-((value - mean) ** 2) / (2 * (0.16 + variance))) / Math.sqrt(0.16 + variance),
          0,
        ),
      ),
    )
  // spacings are 0.025: kernels from a hundredth of one to four
  it.each([1e-7, 1e-4, 8e-4, 1e-3, 0.01])('of variance %s is exact, in the tails too', (variance) => {
    const logs = mixture(0)
    new Convolution(grid, [[20, 20]]).apply(logs, variance)
    const wanted = mixture(variance)
    logs.forEach((value, i) => {
      if (Math.abs(x[i]) < 5) expect(Math.abs(value - wanted[i])).toBeLessThan(2e-6)
    })
  })
})
