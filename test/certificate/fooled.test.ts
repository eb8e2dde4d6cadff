import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { mul } from '@tensorflow/tfjs-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tryNetworks } from '../../bench/certificates.ts'
import { loadNetwork } from '../../solvers/neural/foreign/index.ts'
import { neuralMap } from '../../solvers/neural/neural-map.ts'
import { useBackend } from '../../src/backend/index.ts'
import { alongTangents, alongValues } from '../../src/certificate/along-values.ts'
import { certificate, certificateAlong } from '../../src/certificate/certificate.ts'
import type { VeMap } from '../../src/consistency-function.ts'
import { createProblem } from '../../src/create/create-problem.ts'
import { gaussianBaseline } from '../../src/exact/exact.ts'
import { carriedSample } from '../../src/metrics/carried-sample.ts'
import { errorStatistics } from '../../src/metrics/error-statistics.ts'
import { increments } from '../../src/metrics/increments.ts'
import { gaussianCoordinates } from '../../src/nn/gaussian-coordinates.ts'
import { createNetwork, initialWeights } from '../../src/nn/networks.ts'
import { Random } from '../../src/random/random.ts'
import { solve } from '../../src/solve.ts'
import { GraphFile } from '../neural/onnx-graph.ts'

const problem = createProblem({
  process: { kind: 've' },
  data: {
    kind: 'gaussian',
    mean: [0, 0],
    covariance: [
      [1, 0],
      [0, 1],
    ],
  },
})
const { density } = problem
const TIME = 80
const sample = carriedSample(density, {
  time: TIME,
  count: 100,
  intervals: 64,
  graded: true,
  random: new Random(3),
})
const { times, positions, weights, x0 } = sample
const last = times.length - 1

/** The true map of N(0, I) and error(t) on every coordinate. */
function besideTruth(error: (t: number) => number, rate: (t: number) => number): VeMap {
  return {
    functionEvaluations: 0,
    evaluate: (t, x) => x.map((value) => value / Math.hypot(1, t) + error(t)),
    jvp(t, x, dx) {
      const root = Math.hypot(1, t)
      return {
        value: this.evaluate(t, x),
        tangent: dx.map((value, i) => value / root - (t * x[i]) / root ** 3 + rate(t)),
      }
    },
  }
}
const stepAt = (at: number, width: number) => {
  const step = (t: number) => 1 / (1 + Math.exp((at - t) / width))
  return besideTruth(step, (t) => (step(t) * (1 - step(t))) / width)
}

describe('a certificate', () => {
  it('is above the error on its sample or none, for networks made to fool it', async () => {
    const { ok, wrong, kinds } = await tryNetworks(8, 7)
    expect(wrong).toEqual([])
    expect(ok).toBe(true)
    expect(kinds.dual).toMatchObject({ bounds: 0, refused: 2 })
    expect(kinds.trained.medianRatio).toBeLessThan(1.5)
  }, 120_000)

  it('finds a step between its times, and says no bound where no times resolve it', () => {
    const found = certificate(stepAt(40, 1e-3), density, sample)
    expect(found).toMatchObject({ bound: true, reason: null })
    expect(found.estimate).toBeGreaterThan(1)
    expect(found.estimate).toBeLessThan(1.02)
    const step = found.increments.filter(({ size }) => size > 0.01)
    for (const { from, to } of step) expect([from > 39.9, to < 40.1]).toEqual([true, true])
    const jump = certificate(
      besideTruth(
        (t) => (t > 40 ? 1 : 0),
        () => 0,
      ),
      density,
      sample,
    )
    expect(jump).toMatchObject({ bound: false, reason: expect.stringMatching(/^the map jumps near t = 40 /) })
    expect(jump.estimate).toBeGreaterThanOrEqual(1)
  })

  it('takes no more evaluations where nothing has to be refined', () => {
    const theta = (t: number) => Math.atan(t)
    const smooth = besideTruth(
      (t) => Math.sin(theta(t)),
      (t) => Math.cos(theta(t)) / (1 + t * t),
    )
    expect(certificate(smooth, density, sample).byTime).toHaveLength(times.length)
  })

  it('has times at most twice apart beyond the data scale', () => {
    for (let k = 1; k < times.length; k++)
      if (times[k] > 1) expect(times[k] / times[k - 1]).toBeLessThanOrEqual(2)
  })
})

describe('increments', () => {
  it('need times, values and weights alone, and add up to no less than the error', () => {
    const values = positions.map((x, k) =>
      x.map((value) => value / Math.hypot(1, times[k]) + Math.sin(3 * Math.atan(times[k]))),
    )
    const found = increments({ times, values, x0, weights, trace: 2 })
    const { relativeError } = errorStatistics(x0, values[last], weights, 2)
    expect(found.increments.at(-1)?.error).toBe(relativeError)
    // sin 3θ rises by 1 and falls by 2
    expect(found.incrementBound).toBeCloseTo(3 - (1 + Math.sin(3 * Math.atan(TIME))), 2)
    expect(found.cancellation).toBeCloseTo(found.incrementBound / relativeError, 12)
  })

  it('of values alone leave no bound where the differences do not settle', () => {
    const noisy = new Random(5)
    const at = positions.map((x, k) => {
      const off = 0.1 * noisy.normal()
      return x.map((value) => value / Math.hypot(1, times[k]) + off)
    })
    const found = certificateAlong(density, sample, alongValues(density, sample, 0, at))
    expect(found).toMatchObject({ bound: false, reason: expect.any(String) })
    expect(found.derivativeError).toBeGreaterThan(0.5 * found.estimate)
  })

  it('contradict tangents that are not the derivatives of the values', () => {
    const smooth = besideTruth(
      (t) => Math.sin(Math.atan(t)),
      (t) => Math.cos(Math.atan(t)) / (1 + t * t),
    )
    const values = positions.map((x, k) => smooth.evaluate(times[k], x))
    const right = Array.from(times, (t) =>
      new Float64Array(x0.length).fill(Math.cos(Math.atan(t)) / (1 + t * t)),
    )
    const along = (tangents: Float64Array[]) => alongTangents('g.npy', density, sample, 0, values, tangents)
    expect(certificateAlong(density, sample, along(right)).bound).toBe(true)
    for (const factor of [0, 0.5, -1, 0.9, 0.98])
      expect(() => along(right.map((tangent) => tangent.map((value) => factor * value)))).toThrow(
        /^g\.npy contradicts the values/,
      )
  })
})

describe('derivatives', () => {
  const refused = (map: VeMap) => () => certificate(map, density, sample)
  const scaled = (map: VeMap, factor: number): VeMap => ({
    ...map,
    jvp(t, x, dx) {
      const { value, tangent } = (map.jvp as NonNullable<VeMap['jvp']>)(t, x, dx)
      return { value, tangent: tangent.map((rate) => factor * rate) }
    },
  })
  const wave = (frequency: number, size = 0.1) =>
    besideTruth(
      (t) => size * (t / (1 + t)) * Math.sin(frequency * Math.log(t + 1e-3)),
      (t) =>
        (size / (1 + t) ** 2) * Math.sin(frequency * Math.log(t + 1e-3)) +
        ((size * t) / (1 + t)) * (frequency / (t + 1e-3)) * Math.cos(frequency * Math.log(t + 1e-3)),
    )

  it.each([0.9, 0.98, 1.1])('that are all %s times what they should be are refused', (factor) => {
    expect(refused(scaled(wave(3), factor))).toThrow(/contradict its values: .* times what f changes by/)
  })

  it.each([0.3, 1])('that are wrong from t = %s on are refused at such a time', (from) => {
    const map = wave(3)
    const late: VeMap = {
      ...map,
      jvp: (t, x, dx) => (scaled(map, t < from ? 1 : 0.9).jvp as NonNullable<VeMap['jvp']>)(t, x, dx),
    }
    let said = ''
    try {
      refused(late)()
    } catch (error) {
      said = (error as Error).message
    }
    expect(said).toMatch(/contradict its values/)
    expect(Number(/t = ([\d.]+)/.exec(said)?.[1])).toBeGreaterThan(0.9 * from)
  })

  it('of waves as fast as Fourier features of scale 32 have them are not', () => {
    for (const frequency of [10, 50, 150, 400]) expect(refused(wave(frequency))).not.toThrow()
    expect(refused(scaled(wave(150), 0.9))).toThrow(/contradict its values/)
  })

  it('of the true map are checked as well, whose residual is 0', () => {
    const truth = besideTruth(
      () => 0,
      () => 0,
    )
    expect(refused(truth)).not.toThrow()
    expect(
      refused({ ...truth, jvp: (t, x, dx) => ({ value: truth.evaluate(t, x), tangent: dx.map(() => 0) }) }),
    ).toThrow(/contradict its values/)
  })

  it('of our own layers are not doubted, however rough a network that has diverged is', async () => {
    await useBackend('simd')
    const network = createNetwork({ kind: 'mlp', dimension: 2, width: 16, layers: 3 })
    const random = Random.stream(1, 'a network that has diverged')
    const weights = initialWeights(network, random)
    for (const weight of weights) weight.assign(mul(weight, 300))
    const { bound, reason } = certificate(
      neuralMap(network, weights, gaussianCoordinates(density.moments)),
      density,
      sample,
    )
    expect(bound).toBe(false)
    expect(reason).toMatch(/residual|jumps/)
  })
})

describe('an ONNX graph', () => {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'graphs-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  /** The true map of N(0, I) in d dimensions as a graph, changed. */
  async function load(d: number, change: (g: GraphFile, f: string) => string) {
    const g = new GraphFile()
    const one = g.constant([1], [1])
    const root = g.node('Sqrt', [g.node('Add', [g.node('Mul', ['t', 't']), one])])
    await writeFile(
      join(folder, 'f.onnx'),
      g.file({ t: 1, x: d }, { f: [change(g, g.node('Div', ['x', root])), d] }),
    )
    const x = Array.from({ length: d }, (_, i) => i + 1)
    const description = {
      ...{ format: 'consistency-pde network', formatVersion: 1, kind: 'onnx', dimension: d, graph: 'f.onnx' },
      check: { t: [1], x: [x], f: [x.map((value) => value / Math.SQRT2)] },
    }
    await writeFile(join(folder, 'network.json'), JSON.stringify(description))
    const covariance = x.map((_, i) => x.map((_, j) => Number(i === j)))
    const own = createProblem({
      process: { kind: 've' },
      data: { kind: 'gaussian', mean: x.map(() => 0), covariance },
    })
    return { f: await solve(own, await loadNetwork(folder), { time: 5 }), own }
  }

  it.each([1, 2, 7])('of shape [n, d] is the map, d = %d', async (d) => {
    const { f, own } = await load(d, (_, value) => value)
    const X = Float64Array.from({ length: 3 * d }, (_, i) => i - 2)
    const truth = (await solve(own, gaussianBaseline(), { time: 5 })).ve.evaluate(2, X)
    for (const [i, value] of f.ve.evaluate(2, X).entries()) expect(value).toBeCloseTo(truth[i], 5)
  })

  it.each([2, 7])('of shape [d, n] is refused by name, d = %d', async (d) => {
    await expect(load(d, (g, value) => g.node('Transpose', [value]))).rejects.toThrow(
      /f\.onnx gives f of shape/,
    )
  })

  it('whose rows depend on each other is refused by name', async () => {
    const squares = (g: GraphFile, f: string) =>
      g.node('Add', [f, g.node('MatMul', [f, g.node('MatMul', [g.node('Transpose', [f]), f])])])
    await expect(load(2, squares)).rejects.toThrow(/f\.onnx has rows that depend on each other/)
  })
})
