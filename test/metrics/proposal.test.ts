import { describe, expect, it } from 'vitest'
import { createProblem } from '../../src/create/create-problem.ts'
import { carriedSample } from '../../src/metrics/carried-sample.ts'
import { effectiveSampleSize, errorStatistics, weightedMean } from '../../src/metrics/error-statistics.ts'
import { allocate, drawParts, drawProposal, drawStratified } from '../../src/metrics/importance-sampling.ts'
import { unseenBy } from '../../src/metrics/unseen.ts'
import type { Density, Strata } from '../../src/problem/density.ts'
import { Random, shuffle, systematic } from '../../src/random/random.ts'
import type { ProblemSpec } from '../../src/specification/problem.ts'

const RARE = 2e-5
const of = (data: ProblemSpec['data']): Density => createProblem({ process: { kind: 've' }, data }).density

/** Rows of which one lies far away. */
const rows = Array.from({ length: 400 }, (_, i) => [i === 123 ? 300 : (i % 40) / 10 - 2])

/** Data with a part beyond 100 that holds RARE, or one row of 400, of the mass. */
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
    mass: 1 / 400,
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
        expect(effectiveSampleSize(weights)).toBeGreaterThan(0.34 * n)
        // a row that is drawn once where 1.9 draws were due counts 1.9 times
        expect(Math.max(...weights)).toBeLessThan(name === 'rows of a table' ? 6 : 3)
        found += weightedMean(inside, weights) / repetitions
      }
      // from 48,000 draws of p_data one point would be there
      expect(Math.abs(found / mass - 1)).toBeLessThan(0.1)
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
    expect(Math.max(...weights)).toBeLessThan(3)
    expect(effectiveSampleSize(weights)).toBeGreaterThan(0.34 * n)
    for (let i = 0; i < 64; i++) {
      const inside = Float64Array.from(weights, (_, row) => Number(x0[64 * row + i] > 20))
      expect(inside.reduce((a, b) => a + b, 0)).toBeGreaterThan(10)
    }
  })
})

describe('the error of a map that knows nothing of a rare part', () => {
  // a shift of the far part alone: its square is the mass of the part times the shift squared, whatever else there is
  for (const name of ['mixture on the line', 'rotated product', 'shells', 'rows of a table'])
    it(`is found with an interval that holds it: ${name}`, () => {
      const { density, mass, far } = planted[name]
      const [n, d] = [600, density.dimension]
      const shift = 100
      const truth = shift * Math.sqrt(mass / density.moments.trace)
      const repetitions = 40
      let [covered, mean] = [0, 0]
      for (let seed = 0; seed < repetitions; seed++) {
        const { x0, weights, labels } = drawProposal(density, n, new Random(seed))
        const wrong = x0.map((value, i) =>
          i % d === 0 && far(x0, Math.floor(i / d)) ? value + shift : value,
        )
        const { relativeError, standardError } = errorStatistics(
          ...([x0, wrong, weights, density.moments.trace, labels] as const),
        )
        if (Math.abs(relativeError - truth) < 1.96 * standardError) covered++
        mean += relativeError / repetitions
      }
      expect(Math.abs(mean / truth - 1)).toBeLessThan(0.1)
      expect(covered).toBeGreaterThanOrEqual(0.9 * repetitions)
    })
})

describe('a standard error', () => {
  // f̂ = 1.1 f: its square is that of the moments. Most of it is the rare part's
  const of10 = (density: Density, seed: number) => {
    const { x0, weights, labels } = drawProposal(density, 2000, new Random(seed))
    const { trace } = density.moments
    return errorStatistics(...([x0, x0.map((value) => 1.1 * value), weights, trace, labels] as const))
  }
  it.each([
    ['mixture on the line', 1.5],
    ['mixture in the plane', 1.5],
    ['shells', 1.5],
    // of parts that overlap, or of few draws each, it stays that of independent draws
    ['rotated product', 5],
    ['rows of a table', 8],
  ])('is that of stratified draws, never too small: %s', (name, most) => {
    const { density } = planted[name]
    const { trace, mean } = density.moments
    const truth = 0.1 * Math.sqrt(1 + mean.reduce((sum, value) => sum + value * value, 0) / trace)
    const repetitions = 100
    const found = Array.from({ length: repetitions }, (_, seed) => of10(density, seed))
    const covered = found.filter(
      ({ relativeError, standardError }) => Math.abs(relativeError - truth) < 1.96 * standardError,
    )
    expect(covered.length).toBeGreaterThanOrEqual(91)
    const scatter = Math.sqrt(
      found.reduce((sum, { relativeError }) => sum + (relativeError - truth) ** 2, 0) / repetitions,
    )
    const standard = found.reduce((sum, { standardError }) => sum + standardError, 0) / repetitions
    expect(standard / scatter).toBeGreaterThan(0.9)
    expect(standard / scatter).toBeLessThan(most)
  })
})

describe('draws without broadening', () => {
  it('raise rare point masses, with weights at the end time', () => {
    const density = of({ kind: 'mixture', weights: [1 - RARE, RARE], means: [[0], [300]], stds: [0, 0] })
    const { x0, weights, kind } = carriedSample(density, {
      ...{ time: 10, count: 400, intervals: 2, random: new Random(1) },
    })
    expect(kind).toBe('plain')
    const inside = x0.map((value) => Number(value > 100))
    expect(inside.reduce((a, b) => a + b, 0)).toBeGreaterThan(10)
    expect(weightedMean(inside, weights) / RARE).toBeCloseTo(1, 6)
  })

  it('have weights of mean 1 that are small where the rare part is', () => {
    const { density, far } = planted['mixture in the plane']
    const { x0, weights } = drawStratified(density, 0, 2000, new Random(2))
    const inside = Float64Array.from(weights, (_, row) => Number(far(x0, row)))
    expect(weightedMean(inside, weights) / RARE).toBeCloseTo(1, 6)
    expect(Math.max(...weights)).toBeLessThan(1.2)
  })
})

describe('what a sample cannot see', () => {
  const at = (density: Density, count: number, kind: 'importance' | 'plain' = 'importance') =>
    unseenBy(density, count, kind)

  it('is said of parts that are all there', () => {
    const { parts, below, sentence } = at(planted['mixture on the line'].density, 3000)
    expect(parts).toEqual({ name: 'components of the mixture', count: 2, missed: 0 })
    expect(below).toBeCloseTo(0.001, 12)
    expect(sentence).toBe(
      'All 2 components of the mixture are in the sample; a region with less than 0.0010 of what is drawn (3 in 3000 points) may have none.',
    )
  })

  it('is said of the parts of a product, which are drawn beside the whole', () => {
    const marginal = { weights: [0.9, 0.1], means: [-8, 8], stds: [1, 1] }
    const { density } = createProblem({
      process: { kind: 've' },
      data: { kind: 'product', marginals: [marginal, marginal] },
    })
    const { strata } = density
    expect(strata?.whole ?? false).toBe(false)
    const missed = (count: number) => at(density, count).parts?.missed ?? Number.NaN
    expect(missed(1e6)).toBe(0)
    // of parts of which one in three points is drawn
    expect(missed(1)).toBeGreaterThan(0)
    expect(missed(1)).toBeLessThan(at(density, 1).parts?.count ?? 0)
  })

  it('counts what rare parts of a product are raised by beside their share of the whole', () => {
    const marginal = { weights: [1 - 1e-5, 1e-5], means: [-8, 8], stds: [1, 1] }
    const { density } = createProblem({
      process: { kind: 've' },
      data: { kind: 'product', marginals: [marginal, marginal] },
    })
    const raised = density.strata && allocate(density.strata)
    // about one point in forty is drawn of each of the two rare parts, where 1e-5 of the points would be of the data
    expect(raised?.[1]).toBeGreaterThan(0.02)
    expect(at(density, 30).parts?.missed).toBe(1)
    expect(at(density, 100).parts?.missed).toBe(0)
  })

  it('is said of more rows than points', () => {
    const { parts, sentence } = at(planted['rows of a table'].density, 100)
    expect(parts?.count).toBe(400)
    const labels = new Set<number>()
    const { x0 } = drawParts(
      of({ kind: 'empirical', points: rows.map((_, i) => [i]), bandwidth: 0 }),
      null,
      100,
      new Random(1),
    )
    for (const value of x0) labels.add(value)
    expect(parts?.missed).toBeGreaterThanOrEqual(400 - labels.size)
    expect(parts?.missed).toBeLessThan(330)
    expect(sentence).toContain(`Of the 400 rows of the data about ${parts?.missed} are in no point`)
  })

  it('is said of data whose parts are not known', () => {
    const density = of({ kind: 'formula', density: 'exp(-x^2/2)' })
    expect(at(density, 3000).parts).toBeNull()
    expect(at(density, 3000, 'plain').sentence).toMatch(
      /^Of rare parts of formula data nothing is known; .* of the data /,
    )
  })
})

describe('the shares of a sample', () => {
  const strata = (masses: readonly number[], whole = true, spreads = masses): Strata => ({
    name: 'parts',
    masses: Float64Array.from(masses),
    spreads: Float64Array.from(spreads),
    whole,
    draw: () => new Float64Array(0),
  })

  it('are the masses where no part is rare', () => {
    expect(allocate(strata([0.5, 0.3, 0.2]))).toBeNull()
    expect(allocate(strata(new Array(500).fill(0.002)))).toBeNull()
    expect(allocate(strata([1]))).toBeNull()
  })

  it('give every part 0.1/K or 0.85 of its mass, whichever is more', () => {
    const random = new Random(3)
    for (let trial = 0; trial < 200; trial++) {
      const raw = Array.from({ length: 1 + random.integer(60) }, () => Math.exp(6 * random.normal()))
      const sum = raw.reduce((a, b) => a + b, 0)
      const masses = raw.map((value) => value / sum)
      const shares = allocate(strata(masses)) ?? Float64Array.from(masses)
      expect(shares.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12)
      masses.forEach((mass, k) => {
        expect(shares[k]).toBeGreaterThanOrEqual(Math.max(0.85 * mass, 0.1 / masses.length) * (1 - 1e-12))
      })
    }
  })

  it('leave at least 0.85 to the whole where parts overlap', () => {
    const shares = allocate(strata([0.999, 0.001, 0.999, 0.001], false)) as Float64Array
    expect(shares[4]).toBeGreaterThanOrEqual(0.85)
    expect(shares[1]).toBeGreaterThan(0.02)
    expect(shares[0]).toBe(0)
  })

  it('raise one of many equal parts that holds most of the spread', () => {
    const masses = new Array(2000).fill(1 / 2000)
    const spreads = masses.map((mass, k) => (k === 7 ? 0.9 : (0.1 / 1999) * (mass * 2000)))
    const shares = allocate(strata(masses, true, spreads)) as Float64Array
    expect(shares[7]).toBeGreaterThanOrEqual(0.045)
    expect(shares[8]).toBeGreaterThan(0.9 / 2000)
    expect(shares.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12)
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

it('draws from where the data is, whatever the noise', () => {
  const density = of({ kind: 'formula', density: 'x > 1.1 ? (x - 1.1)^2 exp(-2.2 (x - 1.1)) : 0' })
  const { x0, weights } = drawProposal(density, 4096, new Random(3))
  expect(weights.filter((weight) => weight === 0).length).toBeGreaterThan(100)
  expect(Math.min(...x0)).toBeGreaterThan(1.1)
  const mean = x0.reduce((sum, x, i) => sum + weights[i] * x, 0) / 4096
  // x - 1.1 has a gamma distribution of shape 3
  expect(mean).toBeCloseTo(1.1 + 3 / 2.2, 1)
})
