import { describe, expect, it } from 'vitest'
import { normalCdf } from '../../src/exact/normal.ts'
import { lineCells } from '../../src/fokker-planck/finite-volume/cells.ts'
import { lineDistribution } from '../../src/fokker-planck/finite-volume/distribution.ts'
import { largestDifference } from '../../src/fokker-planck/finite-volume/index.ts'
import { marchMasses } from '../../src/fokker-planck/finite-volume/march.ts'

const gaussian = (mean: number, deviation: number) => (x: Float64Array, out: Float64Array) => {
  x.forEach((value, i) => {
    out[i] = -(((value - mean) / deviation) ** 2) / 2 - Math.log(deviation * Math.sqrt(2 * Math.PI))
  })
}

describe('finite volumes on the line', () => {
  it('give an Ornstein–Uhlenbeck law, with the error they say', () => {
    const found = lineDistribution(
      {
        process: {
          drift: (t, x, out) => {
            for (let i = 0; i < x.length; i++) out[i] = -(1 + t) * x[i]
          },
          diffusion: (t) => Math.sqrt(2 * (1 + t)),
          timed: true,
        },
        logDensity: gaussian(2, 0.5),
        box: [-9, 9],
        width: 0.5,
        places: [],
        stops: [0, 0.3, 1],
      },
      1e-9,
    )
    if (!found) throw new Error('a few cells are enough')
    // with s = ∫ (1 + t) dt: e^−s X₀ + N(0, 1 − e^−2s)
    const s = 1.5
    const deviation = Math.sqrt(1 - 0.75 * Math.exp(-2 * s))
    for (const x of [-3, -1, 0.1, 0.5, 2, 4]) {
      const z = (x - 2 * Math.exp(-s)) / deviation
      const [below, above] = [found.probability(x, 0), found.probability(x, 1)]
      expect(Math.abs(below.value - normalCdf(z))).toBeLessThan(2e-9)
      expect(Math.abs(above.value - normalCdf(-z))).toBeLessThan(2e-9)
    }
    expect(found.error).toBeLessThan(1e-9)
    expect(found.mass).toBeCloseTo(1, 10)
  })

  it('give the stationary law of a pull that jumps, whose density is a Laplace law', () => {
    // b = −c sign(x), σ² = 2: p = c/2 e^{−c|x|} stays as it is
    const c = 1.5
    const found = lineDistribution(
      {
        process: {
          drift: (_, x, out) => {
            for (let i = 0; i < x.length; i++) out[i] = -c * Math.sign(x[i])
          },
          diffusion: () => Math.SQRT2,
          timed: false,
        },
        logDensity: (x, out) => {
          x.forEach((value, i) => {
            out[i] = Math.log(c / 2) - c * Math.abs(value)
          })
        },
        box: [-20, 20],
        width: 0.7,
        places: [0],
        stops: [0, 1],
      },
      1e-9,
    )
    for (const x of [-2, -0.3, 0, 0.01]) {
      const wanted = x < 0 ? Math.exp(c * x) / 2 : 1 - Math.exp(-c * x) / 2
      expect(Math.abs((found?.probability(x, 0).value ?? 0) - wanted)).toBeLessThan(1e-8)
    }
    expect(found?.corners).toBe(true)
    if (found) {
      const moved = (_: number, x: Float64Array, out: Float64Array) => gaussian(0, 1)(x, out)
      expect(largestDifference(moved, 1, found)).toBeGreaterThan(0.01)
    }
  })

  it('leave a stationary law as it is on a few cells, wide and narrow', () => {
    // b = −x, σ² = 2: N(0, 1); the scheme is of second order in the width, 0.4 at most
    const faces = Float64Array.from({ length: 31 }, (_, i) => (6 * Math.sinh((i - 15) / 10)) / Math.sinh(1.5))
    const law = Float64Array.from({ length: 30 }, (_, i) => normalCdf(faces[i + 1]) - normalCdf(faces[i]))
    const process = {
      drift: (_: number, x: Float64Array, out: Float64Array) =>
        x.forEach((value, i) => {
          out[i] = -value
        }),
      diffusion: () => Math.SQRT2,
      timed: false,
    }
    const after = marchMasses(process, faces, law, [0, 0.1], 1e-6)
    let [total, moved] = [0, 0]
    for (const [i, mass] of after.entries()) {
      total += mass
      moved += Math.abs(mass - law[i])
    }
    expect(total).toBeCloseTo(1, 8)
    expect(moved).toBeLessThan(0.01)
  })

  it('say where they gave up, and where they were going', () => {
    const process = {
      drift: (_: number, __: Float64Array, out: Float64Array) => out.fill(1),
      diffusion: () => 1,
      timed: false,
    }
    const march = () =>
      marchMasses(process, Float64Array.of(-1, 0, 1, 2), Float64Array.of(0.2, 0.5, 0.3), [0, 0.3, 1], 1e-300)
    expect(march).toThrow(/took 20000 steps to reach t = \d.* of 1\.$/)
  })

  it('have faces at the places, and cells that are small between them', () => {
    const faces = Array.from(lineCells(0, 10, 1, [3, 3.01], 1000) ?? [])
    expect(faces).toContain(3)
    expect(faces).toContain(3.01)
    const widths = faces.slice(1).map((face, i) => face - faces[i])
    expect(Math.min(...widths)).toBeLessThanOrEqual(0.0026)
    expect(Math.max(...widths)).toBeLessThanOrEqual(1)
    expect(lineCells(0, 10, 1e-4, [], 1000)).toBeNull()
  })
})
