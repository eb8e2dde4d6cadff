import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type CtFixedPointMap, cdFixedPoint, ctFixedPoint } from '../../solvers/fixed-points/index.ts'
import type { Method, VeMap } from '../../src/consistency-function.ts'
import { parseProblem } from '../../src/create/create-problem.ts'
import { exactMap, gaussianMap } from '../../src/exact/exact.ts'
import { normalCdf } from '../../src/exact/normal.ts'
import { carriedSample } from '../../src/metrics/carried-sample.ts'
import { errorStatistics } from '../../src/metrics/error-statistics.ts'
import type { Density } from '../../src/problem/density.ts'
import { Random } from '../../src/random/random.ts'
import type { ProblemSpec } from '../../src/specification/problem.ts'

const ve = (data: unknown) => parseProblem({ process: { kind: 've' }, data }).density
const fixedPoint = (method: Method, density: Density, time: number) =>
  method.solveVe(density, { time, seed: 0 }) as VeMap

/** The relative error at T by importance sampling, and the mass that the map sends above a place. */
function measure(method: Method, density: Density, time: number, place = 0, count = 4000) {
  const sample = carriedSample(density, { time, count, intervals: 2, random: new Random(5) })
  const images = fixedPoint(method, density, time).evaluate(time, sample.positions[2])
  const { relativeError, medianError } = errorStatistics(
    sample.x0,
    images,
    sample.weights,
    density.moments.trace,
  )
  let [mass, total] = [0, 0]
  images.forEach((image, i) => {
    total += sample.weights[i]
    if (image > place) mass += sample.weights[i]
  })
  return { relativeError, medianError, mass: mass / total }
}

describe('Gaussian data', () => {
  const density = ve({ kind: 'gaussian', mean: [1, -1], covariance: [[1.5, 0.4], [0.4, 0.6]] }) // biome-ignore format: a matrix
  const x = Float64Array.from({ length: 20 }, (_, i) => 4 * Math.sin(7 * i))
  const TIME = 4
  const N = 10

  it.each(['l2', 'l1', 'pseudo-huber'] as const)(
    'ct with %s: every eigendirection is multiplied by Π (λ + t_n t_{n+1})/(λ + t_{n+1}²)',
    (metric) => {
      const { mean, eigenvalues, eigenvectors: V, scale } = density.moments
      const times = Array.from(
        { length: N + 1 },
        (_, n) => scale * Math.tan((n * Math.atan2(TIME, scale)) / N),
      )
      const gains = eigenvalues.map((value) =>
        times.slice(1).reduce((gain, t, n) => (gain * (value + times[n] * t)) / (value + t * t), 1),
      )
      const expected = x.map((_, i) => {
        const row = i - (i % 2)
        let sum = mean[i % 2]
        for (let j = 0; j < 2; j++) {
          const z = V[j] * (x[row] - mean[0]) + V[2 + j] * (x[row + 1] - mean[1])
          sum += V[(i % 2) * 2 + j] * gains[j] * z
        }
        return sum
      })
      const map = fixedPoint(ctFixedPoint({ intervals: N, metric, nodes: 24 }), density, TIME)
      const images = map.evaluate(TIME, x)
      images.forEach((image, i) => {
        expect(image).toBeCloseTo(expected[i], 7)
      })
      expect(map.evaluate(0, x)).toEqual(x)
    },
  )

  it.each(['l1', 'pseudo-huber'] as const)(
    'ct with %s in 1-D has the same gain, that of the mean',
    (metric) => {
      const line = ve({ kind: 'gaussian', mean: [0.5], covariance: [[2]] })
      const points = Float64Array.of(-9, -1, 0.5, 3)
      const [one, two] = [metric, 'l2' as const].map((name) =>
        fixedPoint(ctFixedPoint({ intervals: N, metric: name }), line, TIME).evaluate(TIME, points),
      )
      one.forEach((image, i) => {
        expect(image).toBeCloseTo(two[i], 6)
      })
    },
  )

  it.each(['euler', 'heun'] as const)('cd with %s is exact: the velocity is zero', (solver) => {
    const map = fixedPoint(cdFixedPoint({ intervals: 3, solver }), density, TIME)
    const exact = gaussianMap(density.moments)(TIME, x)
    map.evaluate(TIME, x).forEach((image, i) => {
      expect(image).toBeCloseTo(exact[i], 12)
    })
  })
})

describe('observed orders in Δt on a smooth mixture, in the RMS over p_T', () => {
  const density = ve({ kind: 'mixture', weights: [0.4, 0.6], means: [-1.2, 1], stds: [0.8, 0.9] })

  it.each([
    ['ct', 1, (intervals: number) => ctFixedPoint({ intervals, nodes: 801 }), [64, 128]],
    ['cd, Euler', 1, (intervals: number) => cdFixedPoint({ intervals, solver: 'euler' }), [64, 128]],
    ['cd, Heun', 2, (intervals: number) => cdFixedPoint({ intervals, solver: 'heun' }), [32, 64]],
  ] as [string, number, (intervals: number) => Method, [number, number]][])(
    '%s: %d',
    (_, order, method, [coarse, fine]) => {
      const errors = [coarse, fine].map((n) => measure(method(n), density, 5, 0, 1000).relativeError)
      const [first, second] = errors
      expect(Math.abs(Math.log2(first / second) - order)).toBeLessThan(0.2)
    },
  )
})

describe('the table of docs/mathematics.md §4.2 on mixture-1d-t5', () => {
  const file = new URL('../fixtures/reference/mixture-1d-t5.json', import.meta.url)
  const { problem } = JSON.parse(readFileSync(file, 'utf8')) as { problem: ProblemSpec }
  const { density } = parseProblem(problem)

  it.each([
    [16, 0.158, 6.9e-2],
    [64, 0.098, 1.21e-2],
  ] as const)('N = %d: the error of ct is %d', (intervals, error, median) => {
    const found = measure(ctFixedPoint({ intervals, nodes: 1501 }), density, 5, 0, 8000)
    expect(Math.abs(found.relativeError / error - 1)).toBeLessThan(0.03)
    expect(Math.abs(found.medianError / median - 1)).toBeLessThan(0.05)
  })

  it('does not depend on the grid', () => {
    const x = Float64Array.from({ length: 200 }, (_, i) => (i - 100) / 10)
    const [coarse, fine] = [1001, 3001].map((nodes) =>
      fixedPoint(ctFixedPoint({ intervals: 16, nodes }), density, 5).evaluate(5, x),
    )
    coarse.forEach((value, i) => {
      expect(Math.abs(value - fine[i])).toBeLessThan(1e-4)
    })
  })
})

describe('another metric is another map', () => {
  const density = ve({ kind: 'mixture', weights: [0.7, 0.3], means: [-0.6, 1.4], stds: [0.25, 0.25] })

  it('has the same fixed point of the norm by the inverse of f on nodes as by steps composed', () => {
    const x = Float64Array.from({ length: 201 }, (_, i) => (i - 100) * 0.25)
    const [composed, coarse, fine] = [undefined, 401, 1601].map((nodes) =>
      fixedPoint(
        ctFixedPoint({ intervals: 16, metric: 'l1', ...(nodes && { nodes }) }),
        density,
        10,
      ).evaluate(10, x),
    )
    const distance = (images: Float64Array) =>
      images.reduce((sum, value, i) => sum + Math.abs(value - composed[i]), 0) / x.length
    expect(distance(coarse)).toBeLessThan(1e-3)
    expect(distance(fine)).toBeLessThan(0.25 * distance(coarse))
  })

  it('under the norm the minor mode loses half of its mass, whatever the step', () => {
    for (const intervals of [16, 64]) {
      const { relativeError, mass } = measure(
        ctFixedPoint({ intervals, metric: 'l1' }),
        density,
        10,
        0.4,
        // a mass of so many points is known to 0.006
        6000,
      )
      expect(relativeError).toBeGreaterThan(0.58)
      expect(mass).toBeGreaterThan(0.14)
      expect(mass).toBeLessThan(0.165)
    }
    expect(measure(ctFixedPoint({ intervals: 32, nodes: 801 }), density, 10, 0.4).mass).toBeCloseTo(0.3, 1)
  })

  it.each([
    [8, 0.1465],
    [16, 0.15231],
    [64, 0.15646],
    [256, 0.15748],
  ])(
    'under the norm with %d intervals the minor mode keeps %d, as docs/mathematics.md §4.3 says',
    (intervals, mass) => {
      const map = fixedPoint(ctFixedPoint({ intervals, metric: 'l1' }), density, 10)
      // f is increasing: the mass of what goes above 0.4 is that of x above the root
      let [low, high] = [-40, 60]
      while (high - low > 1e-6) {
        const middle = (low + high) / 2
        if (map.evaluate(10, Float64Array.of(middle))[0] < 0.4) low = middle
        else high = middle
      }
      const deviation = Math.hypot(0.25, 10)
      const above = (mean: number) => normalCdf((mean - low) / deviation)
      expect(0.7 * above(-0.6) + 0.3 * above(1.4)).toBeCloseTo(mass, intervals === 8 ? 4 : 5)
    },
  )

  it('pseudo-huber goes from the norm to the square as c grows', () => {
    const at = (metricScale: number) =>
      measure(ctFixedPoint({ intervals: 8, metric: 'pseudo-huber', metricScale }), density, 10, 0.4, 300)
    const l1 = measure(ctFixedPoint({ intervals: 8, metric: 'l1' }), density, 10, 0.4, 300)
    const l2 = measure(ctFixedPoint({ intervals: 8 }), density, 10, 0.4, 300)
    expect(Math.abs(at(1e-4).relativeError - l1.relativeError)).toBeLessThan(2e-3)
    expect(at(1).relativeError).toBeLessThan(at(0.1).relativeError)
    // on either side of where the computation changes
    expect(Math.abs(at(0.2999).relativeError / at(0.3001).relativeError - 1)).toBeLessThan(3e-3)
    expect(Math.abs(at(10).relativeError / l2.relativeError - 1)).toBeLessThan(0.02)
  })
})

describe('in 2-D', () => {
  it('a rotated product of equal marginals has the fixed point of its coordinates', () => {
    const marginal = { weights: [0.4, 0.6], means: [-1, 0.8], stds: [0.5, 0.6] }
    const [c, s] = [Math.cos(0.5), Math.sin(0.5)]
    const plane = ve({ kind: 'product', marginals: [marginal, marginal], rotation: [[c, s], [-s, c]] }) // biome-ignore format: a matrix
    const line = ve({ kind: 'mixture', weights: [0.4, 0.6], means: [-1, 0.8], stds: [0.5, 0.6] })
    const x = Float64Array.from({ length: 60 }, (_, i) => 5 * Math.sin(3 * i))
    const turn = (v: Float64Array, sign: 1 | -1) =>
      v.map((value, i) => (i % 2 === 0 ? c * value + sign * s * v[i + 1] : c * value - sign * s * v[i - 1]))
    const images = fixedPoint(ctFixedPoint({ intervals: 4, nodes: 61 }), plane, 4).evaluate(4, x)
    const expected = turn(fixedPoint(ctFixedPoint({ intervals: 4 }), line, 4).evaluate(4, turn(x, 1)), -1)
    images.forEach((image, i) => {
      expect(Math.abs(image - expected[i])).toBeLessThan(1e-4)
    })
  })
})

describe('what consistency training sees', () => {
  const density = ve({ kind: 'mixture', weights: [0.3, 0.7], means: [-1.5, 1], stds: [0.4, 0.5] })
  const N = 8
  const TIME = 5

  it('has no mean left given X_{t_{n+1}}, and the scatter that the map says', () => {
    const map = fixedPoint(ctFixedPoint({ intervals: N }), density, TIME) as CtFixedPointMap
    const { scale } = density.moments
    const [t, s] = [5, 4].map((n) => scale * Math.tan((n * Math.atan2(TIME, scale)) / N))
    const random = new Random(3)
    const count = 40_000
    const start = (density.sample as NonNullable<Density['sample']>)(count, random)
    const noise = start.map(() => random.normal())
    const x = start.map((value, i) => value + t * noise[i])
    const partner = start.map((value, i) => value + s * noise[i])
    const [image, earlier] = [map.evaluate(t, x), map.evaluate(s, partner)]
    const difference = image.map((value, i) => value - earlier[i])
    for (const g of [() => 1, (v: number) => v / t, (v: number) => Math.cos(v)]) {
      const terms = difference.map((value, i) => value * g(x[i]))
      const mean = terms.reduce((a, b) => a + b, 0) / count
      const error = Math.sqrt(terms.reduce((a, b) => a + b * b, 0)) / count
      expect(Math.abs(mean)).toBeLessThan(3.5 * error)
    }
    const observed = difference.reduce((a, b) => a + b * b, 0) / count
    const predicted =
      (map.scatter as NonNullable<CtFixedPointMap['scatter']>)(t, x).reduce((a, b) => a + b) / count
    expect(Math.abs(observed / predicted - 1)).toBeLessThan(0.05)
  })

  it('tends to the exact map', () => {
    const x = Float64Array.of(-4, -1, 2, 6)
    const exact = exactMap(density)?.(TIME, x) as Float64Array
    const errors = [32, 128].map((intervals) => {
      const images = fixedPoint(ctFixedPoint({ intervals, nodes: 1501 }), density, TIME).evaluate(TIME, x)
      return Math.max(...images.map((image, i) => Math.abs(image - exact[i])))
    })
    expect(errors[1]).toBeLessThan(errors[0] / 2)
  })
})

it.each([
  [
    'data that is no mixture',
    { kind: 'formula', density: 'exp(-x^4)' } as const,
    ctFixedPoint(),
    /conditional law/,
  ],
  [
    'three dimensions',
    { kind: 'mixture', weights: [1], means: [[0, 0, 0]], stds: [1] } as const,
    ctFixedPoint(),
    /1 or 2/,
  ],
])('%s is refused', (_, data, method, message) => {
  expect(() => fixedPoint(method, ve(data as ProblemSpec['data']), 3)).toThrow(message)
})

it('unknown options are refused', () => {
  expect(() => ctFixedPoint({ metric: 'l3' as 'l2' })).toThrow(/l2, l1 or pseudo-huber/)
  expect(() => cdFixedPoint({ solver: 'rk4' as 'heun' })).toThrow(/euler or heun/)
  expect(() => ctFixedPoint({ intervals: 0 })).toThrow(/intervals/)
})
