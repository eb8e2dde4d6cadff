import { describe, expect, it } from 'vitest'
import { paretoShape, stratifiedShape } from '../../src/certificate/pareto.ts'
import { Random } from '../../src/random/random.ts'

function drawn(n: number, seed: number, value: (random: Random) => number): Float64Array {
  const random = new Random(seed)
  return Float64Array.from({ length: n }, () => value(random))
}

/** Mean and standard deviation of k̂ over seeds. */
function spread(n: number, value: (random: Random) => number): [number, number] {
  const shapes = Array.from({ length: 40 }, (_, seed) => paretoShape(drawn(n, seed, value)))
  const mean = shapes.reduce((sum, k) => sum + k, 0) / shapes.length
  return [mean, Math.sqrt(shapes.reduce((sum, k) => sum + (k - mean) ** 2, 0) / shapes.length)]
}

describe('the Pareto shape', () => {
  it.each([0.3, 0.7, 1.2])('of a Pareto tail with k = %d is found', (k) => {
    const [mean, deviation] = spread(16_384, (random) => (1 - random.uniform()) ** -k)
    // the prior pulls towards ½ by 10 values in 384
    expect(Math.abs(mean - k)).toBeLessThan(0.06)
    expect(deviation).toBeLessThan((1.3 * (1 + k)) / Math.sqrt(384))
  })

  it.each([-0.5, 0])('of a bounded or exponential tail, k = %d, is found', (k) => {
    const quantile = (u: number) => (k === 0 ? -Math.log(u) : (1 - u ** -k) / -k)
    const [mean] = spread(16_384, (random) => quantile(1 - random.uniform()))
    expect(Math.abs(mean - k)).toBeLessThan(0.08)
  })

  it('of squares of normals says that they have a mean', () => {
    const [mean, deviation] = spread(16_384, (random) => random.normal() ** 2)
    expect(mean).toBeLessThan(0.25)
    expect(mean).toBeGreaterThan(-0.1)
    expect(deviation).toBeLessThan(0.1)
  })

  it('does not depend on the unit or the order', () => {
    const values = drawn(5000, 3, (random) => (1 - random.uniform()) ** -0.6)
    const k = paretoShape(values)
    expect(paretoShape(values.map((value) => 1e-9 * value))).toBeCloseTo(k, 8)
    expect(paretoShape(values.slice().reverse())).toBe(k)
  })

  it('of a stratum that holds most of the sum is that within it', () => {
    // one in a hundred is of a rare part that has all of the error
    const labels = Int32Array.from({ length: 4000 }, (_, i) => Number(i % 100 === 0))
    const values = (large: (random: Random) => number) => {
      const random = new Random(4)
      return Float64Array.from(labels, (label) => (label === 1 ? large(random) : random.uniform() * 1e-4))
    }
    const harmless = values((random) => 1 + random.uniform())
    expect(stratifiedShape(harmless).shape).toBeGreaterThan(stratifiedShape(harmless).largest)
    expect(stratifiedShape(harmless, labels).shape).toBeLessThan(0.3)
    const heavy = stratifiedShape(
      values((random) => (1 - random.uniform()) ** -2),
      labels,
    )
    expect(heavy.shape).toBeGreaterThan(heavy.largest)
    // strata of one value each have no tail of their own
    const single = stratifiedShape(
      harmless,
      labels.map((_, i) => i),
    )
    expect(single.shape).toBe(stratifiedShape(harmless).shape)
  })

  it('of values without a tail is infinite', () => {
    expect(paretoShape(new Float64Array(1000).fill(3))).toBe(-Infinity)
    expect(paretoShape(Float64Array.of(1, 2, 3))).toBe(Infinity)
    expect(paretoShape(Float64Array.from({ length: 100 }, (_, i) => (i === 7 ? Infinity : i)))).toBe(Infinity)
    // most of them 0, as weights can be
    expect(paretoShape(drawn(1000, 1, (random) => (random.uniform() < 0.95 ? 0 : 1)))).toBeLessThan(Infinity)
  })
})
