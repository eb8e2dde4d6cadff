import { describe, expect, it } from 'vitest'
import { allocate } from '../../src/metrics/allocation.ts'
import { effectiveSampleSize, weightedMean } from '../../src/metrics/error-statistics.ts'
import { drawProposal } from '../../src/metrics/proposal.ts'
import { createProblem } from '../../src/problem/create.ts'
import type { Density, Strata } from '../../src/problem/density.ts'
import type { ProblemSpec } from '../../src/problem/specification.ts'
import { Random } from '../../src/random/random.ts'
import { shuffle, systematic } from '../../src/random/systematic.ts'

const RARE = 2e-5
const of = (data: ProblemSpec['data']): Density => createProblem({ process: { kind: 've' }, data }).density

/** 2000 rows of which one lies far away. */
const rows = Array.from({ length: 2000 }, (_, i) => [i === 1234 ? 300 : (i % 40) / 10 - 2])

/** Data with a part beyond 100 that holds RARE, or one row of 2000, of the mass. */
const planted: Record<
  string,
  { density: Density; mass: number; far(x: Float64Array, row: number): boolean }
> = {
  'mixture on the line': {
    density: of({ kind: 'mixture', weights: [1 - RARE, RARE], means: [[0], [300]], stds: [1, 1] }),
    mass: RARE,
    far: (x, row) => x[row] > 100,
  },
  'mixture in the plane': {
    density: of({
      kind: 'mixture',
      weights: [0.5 - RARE, 0.5, RARE],
      means: [
        [-2, 0],
        [2, 0],
        [0, 300],
      ],
      stds: [0.5, 0.5, 1],
    }),
    mass: RARE,
    far: (x, row) => x[2 * row + 1] > 100,
  },
  'rotated product': {
    density: of({
      kind: 'product',
      rotation: [
        [0.6, 0.8],
        [-0.8, 0.6],
      ],
      marginals: [
        { weights: [0.5, 0.5], means: [-1, 1], stds: [0.4, 0.4] },
        { weights: [1 - RARE, RARE], means: [0, 300], stds: [1, 1] },
      ],
    }),
    mass: RARE,
    far: (x, row) => -0.8 * x[2 * row] + 0.6 * x[2 * row + 1] > 100,
  },
  shells: {
    density: of({
      kind: 'radial',
      dimension: 3,
      weights: [1 - RARE, RARE],
      radii: [2, 300],
      thicknesses: [0.3, 1],
    }),
    mass: RARE,
    far: (x, row) => Math.hypot(...x.subarray(3 * row, 3 * row + 3)) > 100,
  },
  'rows of a table': {
    density: of({ kind: 'empirical', points: rows, bandwidth: 0.2 }),
    mass: 1 / 2000,
    far: (x, row) => x[row] > 100,
  },
}

describe('a part that holds little of the data', () => {
  for (const [name, { density, mass, far }] of Object.entries(planted))
    it(`is in every sample and weighs what it should: ${name}`, () => {
      const [n, repetitions] = [4000, 12]
      let found = 0
      for (let seed = 0; seed < repetitions; seed++) {
        const { x0, weights } = drawProposal(density, n, new Random(seed))
        const inside = Float64Array.from(weights, (_, row) => Number(far(x0, row)))
        expect(inside.reduce((a, b) => a + b, 0)).toBeGreaterThanOrEqual(2)
        expect(effectiveSampleSize(weights)).toBeGreaterThan(0.36 * n)
        expect(Math.max(...weights)).toBeLessThan(2.9)
        found += weightedMean(inside, weights) / repetitions
      }
      // from 48,000 draws of p_data one point would be there; of each row of a table there are 24
      expect(Math.abs(found / mass - 1)).toBeLessThan(name === 'rows of a table' ? 0.5 : 0.1)
    })

  it('takes nothing from weights that are exact: their mean is 1, moments are those of the data', () => {
    const { density } = planted['rotated product']
    const { x0, weights } = drawProposal(density, 40_000, new Random(5))
    expect(weights.reduce((a, b) => a + b, 0) / weights.length).toBeCloseTo(1, 2)
    const square = Float64Array.from(weights, (_, row) => {
      const at = (i: number) => x0[2 * row + i] - density.moments.mean[i]
      return at(0) ** 2 + at(1) ** 2
    })
    // most of it is the rare part's
    expect(weightedMean(square, weights) / density.moments.trace).toBeCloseTo(1, 1)
  })

  it('keeps weights bounded in 64 dimensions, a rare component in each', () => {
    const marginal = { weights: [0.6, 0.399, 0.001], means: [-1, 1, 40], stds: [0.5, 0.5, 0.5] }
    const density = of({ kind: 'product', marginals: new Array(64).fill(marginal) })
    const n = 8000
    const { x0, weights } = drawProposal(density, n, new Random(1))
    expect(Math.max(...weights)).toBeLessThan(2.9)
    expect(effectiveSampleSize(weights)).toBeGreaterThan(0.36 * n)
    for (let i = 0; i < 64; i++) {
      const inside = Float64Array.from(weights, (_, row) => Number(x0[64 * row + i] > 20))
      expect(inside.reduce((a, b) => a + b, 0)).toBeGreaterThan(10)
    }
  })
})

describe('the shares of a sample', () => {
  const strata = (masses: readonly number[], whole = true): Strata => ({
    name: 'parts',
    masses: Float64Array.from(masses),
    whole,
    draw: () => new Float64Array(0),
  })

  it('are the masses where no part is rare', () => {
    expect(allocate(strata([0.5, 0.3, 0.2]))).toBeNull()
    expect(allocate(strata(new Array(500).fill(0.002)))).toBeNull()
    expect(allocate(strata([1]))).toBeNull()
  })

  it('give every part 0.1/K or nine tenths of its mass, whichever is more', () => {
    const random = new Random(3)
    for (let trial = 0; trial < 200; trial++) {
      const raw = Array.from({ length: 1 + random.integer(60) }, () => Math.exp(6 * random.normal()))
      const sum = raw.reduce((a, b) => a + b, 0)
      const masses = raw.map((value) => value / sum)
      const shares = allocate(strata(masses)) ?? Float64Array.from(masses)
      expect(shares.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12)
      masses.forEach((mass, k) => {
        expect(shares[k]).toBeGreaterThanOrEqual(Math.max(0.9 * mass, 0.1 / masses.length) * (1 - 1e-12))
      })
    }
  })

  it('leave at least nine tenths to the whole where parts overlap', () => {
    const shares = allocate(strata([0.999, 0.001, 0.999, 0.001], false)) as Float64Array
    expect(shares[4]).toBeGreaterThanOrEqual(0.9)
    expect(shares[1]).toBeGreaterThan(0.02)
    expect(shares[0]).toBe(0)
  })

  it('leave parts of mass 0 alone', () => {
    expect(allocate(strata([0.9999, 0, 0.0001]))?.[1]).toBe(0)
  })
})

describe('systematic sampling', () => {
  it('draws every label its expected number of times, rounded up or down, and in the mean exactly', () => {
    const shares = Float64Array.of(0.5, 0.001, 0, 0.4, 0.099)
    const times = new Float64Array(5)
    for (let seed = 0; seed < 2000; seed++) {
      const own = new Float64Array(5)
      for (const label of systematic(shares, 37, new Random(seed))) own[label]++
      own.forEach((count, k) => {
        expect(Math.abs(count - 37 * shares[k])).toBeLessThan(1)
        times[k] += count
      })
    }
    times.forEach((count, k) => {
      expect(Math.abs(count / 2000 - 37 * shares[k])).toBeLessThan(0.05)
    })
  })

  it('shuffles into any order', () => {
    const firsts = new Set(
      Array.from({ length: 100 }, (_, i) => shuffle(Int32Array.of(0, 1, 2), new Random(i)).join('')),
    )
    expect(firsts.size).toBe(6)
  })
})
