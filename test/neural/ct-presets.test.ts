import { describe, expect, it } from 'vitest'
import { trainedMethod } from '../../solvers/neural/index.ts'
import { ectPartner } from '../../solvers/neural/losses/ect.ts'
import { ictIntervals, karrasTimes } from '../../solvers/neural/losses/ict.ts'
import { cumulativeLognormal } from '../../solvers/neural/losses/time-laws.ts'
import { useBackend } from '../../src/backend/index.ts'
import { contextOf, draw } from './fixed-points.ts'
import { errors } from './map-error.ts'
import { normal, pair } from './problems.ts'

await useBackend('cpu')

const unit = normal.density.moments.scale / 0.5

describe('ict', () => {
  it('doubles its intervals from 10 to 1280 at equal times', () => {
    expect([0, 0.12, 0.13, 0.5, 0.99, 1].map(ictIntervals)).toEqual([10, 10, 20, 160, 1280, 1280])
  })

  it('has Karras times from σ_min to σ_max, ascending', () => {
    const times = karrasTimes(18, 80)
    expect(times[0]).toBeCloseTo(0.002, 12)
    expect(times[18]).toBeCloseTo(80, 9)
    for (let n = 1; n < 19; n++) expect(times[n]).toBeGreaterThan(times[n - 1])
  })

  it('has a cumulative law from 0 to 1, in proportion to the lognormal one', () => {
    // ln σ = −1.1 ± 2: the quartiles of the normal law are at ∓0.6745 deviations
    const law = cumulativeLognormal(
      Float64Array.of(
        0,
        ...[-0.6744897501960817, 0, 0.6744897501960817].map((z) => Math.exp(2 * z - 1.1)),
        Infinity,
      ),
    )
    for (const [i, value] of [0, 0.25, 0.5, 0.75, 1].entries()) expect(law[i]).toBeCloseTo(value, 12)
    const part = cumulativeLognormal(Float64Array.from([-1, 0, 1], (z) => Math.exp(2 * z - 1.1)))
    for (const [i, value] of [0, 0.5, 1].entries()) expect(part[i]).toBeCloseTo(value, 12)
  })

  it('draws neighbouring times by the lognormal law of the paper, weighted by 1/Δt', () => {
    const { context } = contextOf(normal, 'ict', { time: 80 * unit, intervals: 1 })
    const { theta, arrival, weight } = draw(normal, 'ict', context, { batch: 4000, seed: 1, progress: 0.99 })
    const sigma = theta.map((angle) => context.coordinates.time(angle) / unit)
    const inside = sigma.filter((s) => Math.abs(Math.log(s) + 1.1) < 2 * 2).length / 4000
    expect(inside).toBeGreaterThan(0.94)
    expect(inside).toBeLessThan(0.975)
    const [t, r] = [theta, arrival].map((angles) => angles.map(context.coordinates.time))
    for (let i = 0; i < 4000; i++) {
      expect(r[i]).toBeLessThan(t[i])
      expect(weight[i] * (t[i] - r[i])).toBeCloseTo(normal.density.moments.scale, 9)
    }
  })
})

describe('ect', () => {
  it('has r = t (1 − 2^−(k+1) (1 + 8 σ(−t))), 0 where that is negative', () => {
    expect(ectPartner(1, 0)).toBe(0)
    expect(ectPartner(4, 0)).toBeCloseTo(4 * (1 - 0.5 * (1 + 8 / (1 + Math.exp(4)))), 12)
    expect(ectPartner(1, 0.99)).toBeCloseTo(1 - 2 ** -8 * (1 + 8 / (1 + Math.E)), 12)
  })

  it('starts with r = 0 for all times up to the scale of the data', () => {
    const { context } = contextOf(normal, 'ect', { time: 1.9 * unit, intervals: 1 })
    expect(Math.max(...draw(normal, 'ect', context, { batch: 4000, seed: 3 }).arrival)).toBe(0)
  })
})

describe.each([
  ['ict', 2.5],
  ['ect', 2],
] as const)('a short training by %s', (name, factor) => {
  const options = {
    backend: 'simd',
    width: 16,
    layers: 2,
    batch: 256,
    steps: 600,
    rate: 1e-2,
    metric: 'l2',
  } as const

  it(`with the squared norm is at least ${factor} times better than the map of the Gaussian`, async () => {
    const { network, gaussian } = await errors(pair, trainedMethod(name, options))
    expect(network).toBeLessThan(gaussian / factor)
  })
})
