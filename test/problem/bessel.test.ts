import { describe, expect, it } from 'vitest'
import { type SphereMean, sphereMean } from '../../src/problem/densities/bessel.ts'

function at(dimension: number, z: number): SphereMean {
  const out = { logScaled: 0, ratio: 0 }
  sphereMean(dimension)(z, out)
  return out
}

describe('the mean of exp(z u₁) over the sphere', () => {
  it.each([1e-12, 1e-3, 0.5, 2, 20, 400, 1e6, 1e12])('has its closed forms in 1-D and 3-D at z = %d', (z) => {
    // cosh z and sinh z / z, scaled by exp(−z)
    const line = at(1, z)
    // the logarithm is a sum of terms as large as 30 log z
    const rounding = 1e-15 * (10 + 30 * Math.log1p(z))
    expect(Math.abs(line.logScaled - Math.log((1 + Math.exp(-2 * z)) / 2))).toBeLessThan(rounding)
    expect(line.ratio / (Math.tanh(z) / z)).toBeCloseTo(1, 14)
    const space = at(3, z)
    expect(Math.abs(space.logScaled - Math.log(-Math.expm1(-2 * z) / (2 * z)))).toBeLessThan(rounding)
    if (z > 0.1) expect(space.ratio / ((1 / Math.tanh(z) - 1 / z) / z)).toBeCloseTo(1, 13)
  })

  // mpmath at 40 digits: log(Γ(ν+1)(2/z)^ν I_ν(z)) − z and I_{ν+1}(z)/(z I_ν(z))
  it.each([
    [2, 10, -2.057_027_916_881_3, 0.094_859_982_595_484_6],
    [5, 0.1, -0.099_000_142_814_830_1, 0.199_942_882_527_485],
    [100, 700, -148.382_805_256_848, 0.001_331_051_365_564_24],
    [1000, 3000, -1090.515_298_429_25, 0.000_282_414_494_719_202],
  ])('in %d dimensions at z = %d is that of mpmath', (dimension, z, logScaled, ratio) => {
    const found = at(dimension, z)
    expect(Math.abs(found.logScaled / logScaled - 1)).toBeLessThan(1e-14)
    expect(Math.abs(found.ratio / ratio - 1)).toBeLessThan(1e-14)
  })

  it.each([2, 7, 61, 62, 63, 64, 300, 1000])('keeps the recurrence of the orders in %d dimensions', (d) => {
    // I_{ν}/I_{ν+1} = 2(ν + 1)/z + I_{ν+2}/I_{ν+1}, and F_{ν}/F_{ν+1} from it
    for (const z of [1e-6, 0.3, 5, 60, 700, 2e4, 1e9]) {
      const [here, above] = [at(d, z), at(d + 2, z)]
      expect(here.ratio * (d + z * z * above.ratio)).toBeCloseTo(1, 14)
      const step = above.logScaled - here.logScaled - Math.log(d * here.ratio)
      expect(Math.abs(step)).toBeLessThan(1e-14 * (10 + d))
    }
  })
})
