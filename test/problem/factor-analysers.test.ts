import { describe, expect, it } from 'vitest'
import { createProblem, parseProblem } from '../../src/create/create-problem.ts'
import { factorAnalysers } from '../../src/problem/densities/factor-analysers.ts'
import { readFactors } from '../../src/problem/densities/factor-spec.ts'
import { mixture } from '../../src/problem/densities/mixture.ts'
import { inPrincipalAxes, outOfPrincipalAxes } from '../../src/problem/densities/structure.ts'
import type { Density } from '../../src/problem/density.ts'
import { Random } from '../../src/random/random.ts'
import type { MixtureSpec } from '../../src/specification/data.ts'

/** Three random analysers with a number of factors, and the same by full covariances. */
function bothWays(d: number, q: number, anisotropic: boolean) {
  const random = new Random(10 * d + q)
  const draw = (scale: number) => Array.from({ length: d }, () => scale * random.normal())
  const weights = [0.5, 0.3, 0.2]
  const means = weights.map(() => draw(1))
  const factors = weights.map((_, k) =>
    Array.from({ length: d }, () => Array.from({ length: q }, () => (k + 1) * random.normal())),
  )
  const noise = weights.map((_, k) => {
    if (!anisotropic) return 0.2 + 0.1 * k
    return Array.from({ length: d }, () => 0.1 + random.uniform())
  })
  const covariances = factors.map((matrix, k) =>
    matrix.map((row, i) =>
      matrix.map((other, l) => {
        const own = noise[k]
        const variance = (typeof own === 'number' ? own : own[i]) ** 2
        return row.reduce((sum, value, j) => sum + value * other[j], i === l ? variance : 0)
      }),
    ),
  )
  const spec: MixtureSpec = { kind: 'mixture', weights, means, factors, noise }
  return {
    spec,
    low: factorAnalysers(
      Float64Array.from(weights),
      Float64Array.from(means.flat()),
      readFactors(spec, d, weights.length),
    ),
    full: mixture({ kind: 'mixture', weights, means, covariances }),
  }
}

/** The largest difference of two vectors beside the largest number of the second. */
function difference(a: Float64Array, b: Float64Array): number {
  const size = b.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0) / size
}

function noised(density: Density, n: number, t: number): Float64Array {
  const random = new Random(7)
  const x = density.sample?.(n, random) ?? new Float64Array(0)
  return x.map((value) => value + t * random.normal())
}

describe.each([
  [4, 1, false],
  [9, 2, true],
  [12, 5, false],
  [16, 3, true],
])('%d-D with %d factors, noise by coordinate %s', (d, q, anisotropic) => {
  const { low, full } = bothWays(d, q, anisotropic)

  it.each([0, 0.1, 1, 30])('is the mixture of the same covariances at t = %d', (t) => {
    const x = noised(full, 9, t)
    for (const quantity of ['score', 'denoiser', 'logDensity', 'scoreJacobian'] as const) {
      const size = { score: d, denoiser: d, logDensity: 1, scoreJacobian: d * d }[quantity]
      const [a, b] = [low, full].map((density) => {
        const out = new Float64Array((x.length / d) * size)
        density[quantity]?.(t, x, out)
        return out
      })
      expect(difference(a, b)).toBeLessThan(1e-12)
    }
  })

  it('has its moments, and the strata of its components', () => {
    expect(low.moments.trace / full.moments.trace).toBeCloseTo(1, 13)
    expect(difference(low.moments.mean, full.moments.mean)).toBeLessThan(1e-13)
    expect(difference(low.moments.eigenvalues, full.moments.eigenvalues)).toBeLessThan(1e-13)
    expect(difference(low.strata?.spreads ?? low.means, full.strata?.spreads ?? full.means)).toBeLessThan(
      1e-12,
    )
    const x = noised(full, 9, 1)
    const [a, b] = [low, full].map(({ strata }) => {
      const out = new Float64Array(9)
      strata?.logDensity?.(Float64Array.of(0.1, 0.1, 0.8), 1, x, out)
      return out
    })
    expect(difference(a, b)).toBeLessThan(1e-12)
  })

  it('draws samples of the covariance of each component', () => {
    const [n, k] = [20_000, 2]
    const x = low.strata?.draw(new Int32Array(n).fill(k), new Random(3)) ?? new Float64Array(0)
    const { values, vectors } = full.components[k]
    for (const j of [0, d - 1]) {
      let variance = 0
      for (let row = 0; row < n; row++) {
        let z = 0
        for (let i = 0; i < d; i++) z += vectors[i * d + j] * (x[row * d + i] - low.means[k * d + i])
        variance += (z * z) / n
      }
      expect(Math.abs(variance / values[j] - 1)).toBeLessThan(5 * Math.sqrt(2 / n))
    }
  })
})

it('is the same in principal axes', () => {
  const { low, full } = bothWays(12, 3, false)
  for (const density of [low, full]) {
    const aligned = inPrincipalAxes(density)
    expect(aligned).not.toBe(density)
    const z = noised(aligned, 6, 0.7)
    const x = outOfPrincipalAxes(density, z)
    const [own, turned] = [new Float64Array(z.length), new Float64Array(z.length)]
    density.score(0.7, x, own)
    aligned.score(0.7, z, turned)
    expect(difference(outOfPrincipalAxes(density, turned), own)).toBeLessThan(1e-12)
  }
})

it('keeps digits with noise that is small beside the factors', () => {
  const [d, deviation] = [12, 1e-3]
  const factors = [Array.from({ length: d }, (_, i) => [Math.cos(i), 3 * Math.sin(2 * i + 1)])]
  const spec: MixtureSpec = {
    kind: 'mixture',
    weights: [1],
    means: [new Array<number>(d).fill(0)],
    factors,
    noise: [deviation],
  }
  const { density } = createProblem({ process: { kind: 've' }, data: spec })
  // a direction without factors: the score is −x/noise², and along the factors it is small
  const x = Float64Array.from({ length: d }, (_, i) => factors[0][i][0])
  const out = new Float64Array(d)
  density.score(0, x, out)
  // F(FᵀF + h²)⁻¹ e₁ = x by the push-through identity, solved in 2-D
  const dot = (a: 0 | 1, b: 0 | 1) => factors[0].reduce((sum, row) => sum + row[a] * row[b], 0)
  const [p, r, s] = [dot(0, 0) + deviation ** 2, dot(0, 1), dot(1, 1) + deviation ** 2]
  const determinant = p * s - r * r
  const exact = factors[0].map(([a, b]) => -(a * s - b * r) / determinant)
  expect(difference(out, Float64Array.from(exact))).toBeLessThan(1e-8)
})

describe('refusals name the place', () => {
  const good = { kind: 'mixture', weights: [1], means: [[0, 0]], factors: [[[1], [2]]], noise: [0.5] }
  it.each([
    ['noise alone', { factors: undefined }, 'problem.data.factors'],
    ['factors alone', { noise: undefined }, 'problem.data.noise'],
    ['stds too', { stds: [1] }, 'problem.data'],
    [
      'matrices of another number',
      {
        factors: [
          [[1], [2]],
          [[1], [2]],
        ],
      },
      'problem.data.factors',
    ],
    ['a matrix of three rows', { factors: [[[1], [2], [3]]] }, 'problem.data.factors[0]'],
    ['ragged rows', { factors: [[[1, 2], [2]]] }, 'problem.data.factors[0][1]'],
    ['noise of another number', { noise: [1, 1] }, 'problem.data.noise'],
    ['noise for three coordinates', { noise: [[1, 1, 1]] }, 'problem.data.noise[0]'],
    ['negative noise', { noise: [-1] }, 'problem.data.noise[0]'],
    ['no number', { factors: [[[1], ['a']]] }, 'problem.data.factors[0][1]'],
  ])('%s', (_, change, parameter) => {
    expect(() => parseProblem({ process: { kind: 've' }, data: { ...good, ...change } })).toThrow(
      expect.objectContaining({ name: 'InputError', parameter }),
    )
  })

  it('reads one factor as bare numbers, and small problems as full covariances', () => {
    const { density } = parseProblem({ process: { kind: 've' }, data: { ...good, factors: [[1, 2]] } })
    expect(density.moments.trace).toBeCloseTo(5.5, 14)
  })
})
