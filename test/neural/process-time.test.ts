import { describe, expect, test } from 'vitest'
import { networkMethod } from '../../solvers/neural/foreign/network-method.ts'
import { certify } from '../../src/certificate/certify.ts'
import { trajectoryPoints } from '../../src/certificate/trajectory-points.ts'
import { parseProblem } from '../../src/create/create-problem.ts'
import { exact } from '../../src/exact/exact.ts'
import { encodeSafetensors } from '../../src/io/safetensors.ts'
import { carriedSample } from '../../src/metrics/carried-sample.ts'
import { networkSchema } from '../../src/nn/foreign/description.ts'
import { pointsFromRows, pointsToRows } from '../../src/points/points.ts'
import { veTime } from '../../src/problem/process.ts'
import { Random } from '../../src/random/random.ts'
import { solve } from '../../src/solve.ts'

const [M, S] = [1.5, 0.8]

/** Processes with α, σ² and m as formulas in a time that stands for {}, and a largest time. */
const cases = {
  ve: { process: { kind: 've' }, alpha: '1', variance: '{}^2', time: 20 },
  flowMatching: { process: { kind: 'flowMatching' }, alpha: '(1 - {})', variance: '{}^2', time: 1 },
  vp: {
    process: { kind: 'vp', betaMin: 0.2, betaMax: 10 },
    alpha: 'exp(-0.1 * {} - 2.45 * {}^2)',
    variance: '1 - exp(-0.2 * {} - 4.9 * {}^2)',
    time: 0.9,
  },
  interpolant: {
    process: { kind: 'interpolant', alpha: 'cos(pi / 2 * t)', sigma: 'sin(pi / 2 * t)' },
    alpha: 'cos(pi / 2 * {})',
    variance: 'sin(pi / 2 * {})^2',
    time: 1,
  },
  'custom with a mean': {
    process: { kind: 'custom', drift: '2 (3 - x)', sigma: '0.7' },
    alpha: 'exp(-2 * {})',
    variance: '0.1225 * (1 - exp(-4 * {}))',
    mean: '3 * (1 - exp(-2 * {}))',
    time: 1.2,
  },
}
type Case = (typeof cases)[keyof typeof cases] & { readonly mean?: string }

/** A network that is f(t → u, x) of Gaussian data but for `off`: a formula of its own in t that multiplies x − E[x]. */
function gaussianNetwork({ alpha, variance, mean = '0' }: Case, u: string, off = '1', [m, s] = [M, S]) {
  const at = (formula: string, time: string) => `(${formula.replaceAll('{}', time)})`
  const deviation = (time: string) => `sqrt((${s} ${at(alpha, time)})^2 + ${at(variance, time)})`
  const middle = (time: string) => `(${m} * ${at(alpha, time)} + ${at(mean, time)})`
  const slope = `(${deviation(u)} / ${deviation('t')} * (${off}))`
  return networkMethod({
    file: 'network.json',
    name: 'gaussian',
    description: networkSchema.parse({
      ...{ format: 'consistency-pde network', formatVersion: 1, kind: 'mlp', dimension: 1, weights: 'w' },
      // F = 1 of any input
      inputs: ['x', u === 'u' ? 'u' : '0'],
      layers: [{ weight: 'w', bias: 'b' }],
      output: {
        kind: 'formulas',
        skip: slope,
        out: `${middle(u)} - ${slope} * ${middle('t')}`,
        in: '1',
      },
    }),
    sources: [
      {
        file: 'w',
        bytes: encodeSafetensors({
          w: { shape: [1, 2], data: Float64Array.of(0, 0) },
          b: { shape: [1], data: Float64Array.of(1) },
        }),
      },
    ],
  })
}

const problemOf = (process: unknown, m = M) =>
  parseProblem({ process, data: { kind: 'gaussian', mean: [m], covariance: [[S * S]] } })

describe.each(Object.entries<Case>(cases))('a network in the time of the process: %s', (_, one) => {
  const { process, time } = one
  const problem = problemOf(process)

  test('that is f has no error and no residual, at the end of the process too', async () => {
    const f = await solve(problem, gaussianNetwork(one, '0'), { time })
    const truth = await solve(problem, exact(), { time })
    for (const t of [0.01, 0.3, 0.8, 1].map((share) => share * time)) {
      const X = pointsFromRows([[-2], [0.3], [4]])
      const [found, wanted] = [f, truth].map((map) => pointsToRows(map.evaluate(t, X)).flat())
      for (const [i, value] of wanted.entries()) expect(found[i]).toBeCloseTo(value, 11)
      const slopes = [f, truth].map((map) => Array.from(map.jacobian?.(t, X).data ?? []))
      for (const [i, value] of slopes[1].entries()) expect(slopes[0][i]).toBeCloseTo(value, 9)
    }
    const found = await certify(f, problem, { time, samples: 200 })
    expect(found.estimate).toBeLessThan(1e-8)
    expect(found.derivativeError).toBeNull()
  })

  test('that is off has the residual by which its error arises', async () => {
    const f = await solve(problem, gaussianNetwork(one, '0', `1 + 0.1 sin(2 t)`), { time })
    const found = await certify(f, problem, { time, samples: 4000 })
    // what is added is 0.1 sin(2t)(x₀ − E[x₀])
    const sum = found.byTime.reduce((most, { error }) => Math.max(most, error), 0)
    expect(found.quadratureError).toBeLessThan(0.02 * found.estimate)
    expect(found.byTime.at(-1)?.error).toBeCloseTo(0.1 * Math.abs(Math.sin(2 * time)), 2)
    expect(found.estimate).toBeGreaterThanOrEqual(sum)
    const values = await certify((t, X) => f.evaluate(t, X), problem, { time, samples: 4000 })
    expect(Math.abs(values.estimate - found.estimate)).toBeLessThan(
      (values.derivativeError ?? 0) + 0.01 * found.estimate,
    )
  })

  test('of two times is the flow from one to the other', async () => {
    const f = await solve(problem, gaussianNetwork(one, 'u'), { time })
    const truth = await solve(problem, exact(), { time })
    const X = pointsFromRows([[-2], [0.3], [4]])
    for (const [t, u] of [
      [0.8, 0.3],
      [1, 0.5],
      [0.2, 0.01],
      [1, 0],
    ].map((pair) => pair.map((share) => share * time))) {
      const [found, wanted] = [f, truth].map((map) => pointsToRows(map.flow?.evaluate(t, u, X) ?? X).flat())
      for (const [i, value] of wanted.entries()) expect(found[i]).toBeCloseTo(value, 10)
    }
    // as a map to u alone, with its derivative along the flow
    const tau = veTime(problem.process, 0.4 * time)
    const to = f.ve.to?.(veTime(problem.process, 0.1 * time))
    expect(Math.abs(to?.alongFlow?.(tau, Float64Array.of(2)).tangent[0] ?? 0)).toBeLessThan(1e-9)
  })
})

test('data far from the origin are centred, and the network knows them as they are', async () => {
  const m = 1e7
  const problem = problemOf({ kind: 'vp', betaMin: 0.2, betaMax: 10 }, m)
  expect(problem.process.centre).toBeDefined()
  const f = await solve(problem, gaussianNetwork(cases.vp, '0', '1', [m, S]), { time: 0.9 })
  expect((await certify(f, problem, { time: 0.9, samples: 200 })).estimate).toBeLessThan(1e-6)
  // dx/dt of the trajectories, by differences of their points
  const { density, process } = problem
  const times = [0.4, 0.4001, 0.4002]
  const sample = carriedSample(density, {
    ...{ time: veTime(process, 0.4002), count: 20, intervals: 8, random: Random.stream(1, 'points') },
    times: Float64Array.from(times, (t) => veTime(process, t)),
  })
  const { points, directions } = trajectoryPoints(problem, sample, 1, 0.4002, true, times)
  for (let row = 0; row < 20; row++) {
    const [before, after] = [points[2 * row + 1], points[2 * (row + 40) + 1]]
    const slope = directions?.[2 * (row + 20) + 1] ?? 0
    expect((after - before) / 2e-4 / slope).toBeCloseTo(1, 5)
  }
})
