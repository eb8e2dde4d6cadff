import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { modelMap, readTeacher, trainedMethod, trainModel } from '../../solvers/neural/index.ts'
import { rungeKutta } from '../../src/characteristics/index.ts'
import { parseProblem } from '../../src/create/create-problem.ts'
import { readProblem } from '../../src/create/read-problem.ts'
import { encodeBase64 } from '../../src/io/base64.ts'
import { encodeSafetensors, type Tensor } from '../../src/io/safetensors.ts'
import { type Prediction, predictorSchema } from '../../src/nn/foreign/description.ts'
import { points, pointsFromRows, pointsToRows } from '../../src/points/points.ts'
import { predicted } from '../../src/problem/densities/predicted.ts'
import { score } from '../../src/problem/evaluate.ts'
import type { Problem } from '../../src/problem/problem.ts'
import { createProcess } from '../../src/problem/processes/index.ts'
import { Random } from '../../src/random/random.ts'
import { solve } from '../../src/solve.ts'
import { runCli } from '../cli/in-process.ts'
import { WorkFolder } from '../cli/work-folder.ts'
import { asOnnx } from './onnx-graph.ts'
import { briefTraining, triple } from './problems.ts'

type Json = Record<string, unknown>

/** A problem by an mlp whose description is given in part. */
function problemOf(process: Json, description: Json, tensors: Record<string, Tensor>, data: Json): Problem {
  const bytes = encodeBase64(encodeSafetensors(tensors))
  const whole = {
    format: 'consistency-pde network',
    formatVersion: 1,
    kind: 'mlp',
    weights: 'w.safetensors',
    ...description,
  }
  const network = { description: whole, file: 'w.safetensors', bytes }
  return parseProblem({ process, data: { kind: 'neural', network, ...data } })
}

const [M, S] = [0.7, 1.3]

/** A network of no layers but a bias, m: what it predicts for N(m, s²) is skip(t) x + out(t) m. */
function gaussianNetwork(process: Json, predicts: string, skip: string, out: string, more: Json = {}) {
  const tensors = {
    weight: { shape: [1, 1], data: Float64Array.of(0) },
    bias: { shape: [1], data: Float64Array.of(M) },
  }
  const description = {
    ...{ dimension: 1, predicts, inputs: ['x'], layers: [{ weight: 'weight', bias: 'bias' }], ...more },
    output: { kind: 'formulas', skip, out, in: '1' },
  }
  return problemOf(process, description, tensors, { mean: [M], covariance: [[S * S]] })
}

/** α, σ and their rates as formulas. */
const schedules: Record<
  string,
  { process: Json; a: string; s: string; da: string; ds: string; time: number }
> = {
  ve: { process: { kind: 've' }, a: '1', s: 't', da: '0', ds: '1', time: 20 },
  flowMatching: { process: { kind: 'flowMatching' }, a: '(1 - t)', s: 't', da: '(-1)', ds: '1', time: 1 },
  vp: {
    process: { kind: 'vp' },
    a: 'exp(-(0.1*t + 9.95*t^2)/2)',
    s: 'sqrt(-expm1(-(0.1*t + 9.95*t^2)))',
    da: '(-(0.1 + 19.9*t)/2*exp(-(0.1*t + 9.95*t^2)/2))',
    ds: '((0.1 + 19.9*t)*exp(-(0.1*t + 9.95*t^2))/2/sqrt(-expm1(-(0.1*t + 9.95*t^2))))',
    time: 1,
  },
  interpolant: {
    process: { kind: 'interpolant', alpha: 'cos(pi/2*t)', sigma: 'sin(pi/2*t)' },
    a: 'cos(pi/2*t)',
    s: 'sin(pi/2*t)',
    da: '(-pi/2*sin(pi/2*t))',
    ds: '(pi/2*cos(pi/2*t))',
    time: 1,
  },
}

describe.each(Object.entries(schedules))(
  'a network of the Gaussian for %s',
  (_, { process, a, s, da, ds, time }) => {
    const V = `((${a})^2*${S * S} + (${s})^2)`
    // D = m + αs²(x − αm)/V and ε = σ(x − αm)/V
    const [dataSkip, dataOut] = [`${a}*${S * S}/${V}`, `(${s})^2/${V}`]
    const [noiseSkip, noiseOut] = [`${s}/${V}`, `(-(${a})*(${s})/${V})`]
    const gains = {
      score: [`(-1/${V})`, `${a}/${V}`],
      denoiser: [dataSkip, dataOut],
      epsilon: [noiseSkip, noiseOut],
      velocity: [`(${da}*${dataSkip} + ${ds}*${noiseSkip})`, `(${da}*${dataOut} + ${ds}*${noiseOut})`],
      v: [`(${a}*${noiseSkip} - ${s}*${dataSkip})`, `(${a}*${noiseOut} - ${s}*${dataOut})`],
    } satisfies Record<Prediction, readonly [skip: string, out: string]>
    it.each(Object.entries(gains))('that predicts %s has its flow', async (predicts, [skip, out]) => {
      // the rate of σ of VP is infinite at 0
      const start = predicts === 'velocity' && process.kind === 'vp' ? 1e-6 : 0
      const network = gaussianNetwork(process, predicts, skip, out, { start })
      const gaussian = { kind: 'gaussian', mean: [M], covariance: [[S * S]] }
      const truth = parseProblem({ process, data: gaussian })
      // a score says nothing of the data where none are left
      const atEnd = time === 1 && process.kind !== 'vp' && (predicts === 'score' || predicts === 'epsilon')
      const to = atEnd ? 0.9 : time
      if (atEnd)
        await expect(solve(network, rungeKutta(), { time })).rejects.toThrow(/a score alone says nothing/)
      const [f, exact] = [
        await solve(network, rungeKutta(), { time: to }),
        await solve(truth, rungeKutta({ rtol: 1e-12, atol: 1e-13 }), { time: to }),
      ]
      const X = pointsFromRows([[-2], [0.3], [1.7]])
      for (const t of [0.05 * to, 0.6 * to, to]) {
        const [own, other] = [f, exact].map((map) => pointsToRows(map.evaluate(t, X)).flat())
        const tolerance = start > 0 ? 1e-5 : 1e-8
        for (const [i, value] of own.entries())
          expect(Math.abs(value - other[i]), `t = ${t}`).toBeLessThan(tolerance * (1 + Math.abs(other[i])))
      }
      const [own, other] = [network, truth].map((problem) => pointsToRows(score(problem, 0.5 * to, X)).flat())
      for (const [i, value] of own.entries()) expect(value).toBeCloseTo(other[i], 9)
    })
  },
)

// a PyTorch network Linear(4, 8), SiLU, Linear(8, 2) of x, t and sin πt, and its velocity followed from t = 1 to 0 by SciPy's DOP853 with rtol 1e-12
const reference: {
  weights: Record<string, { shape: number[]; data: number[] }>
  x: number[][]
  f: number[][]
  check: Json
} = JSON.parse(await readFile(new URL('../fixtures/velocity-network.json', import.meta.url), 'utf8'))
const tensors = Object.fromEntries(
  Object.entries(reference.weights).map(([name, { shape, data }]) => [
    name,
    { shape, data: Float64Array.from(data) },
  ]),
)
const velocity: Json = {
  ...{ format: 'consistency-pde network', formatVersion: 1, kind: 'mlp', dimension: 2 },
  ...{ weights: 'w.safetensors', predicts: 'velocity', inputs: ['x', 't', 'sin(pi*t)'] },
  layers: [
    { weight: '0.weight', bias: '0.bias', activation: 'silu' },
    { weight: '2.weight', bias: '2.bias' },
  ],
  check: reference.check,
}
const flowMatching = { kind: 'flowMatching' }
const moments = {
  mean: [0.1, 0],
  covariance: [
    [1, 0],
    [0, 2],
  ],
}

describe('a network from PyTorch', () => {
  let folder: WorkFolder
  const file = (name: string) => folder.file(name)
  beforeAll(async () => {
    folder = await WorkFolder.create({})
    await mkdir(file('net'))
    await writeFile(file('net/network.json'), JSON.stringify(velocity))
    await writeFile(file('net/w.safetensors'), encodeSafetensors(tensors))
    await writeFile(file('samples.csv'), 'a,b\n1,2\n-1,0\n0,-2\n0,4\n')
    const data = { kind: 'neural', model: 'net', ...moments }
    await writeFile(file('problem.json'), JSON.stringify({ process: flowMatching, data }))
    const estimated = { kind: 'neural', model: 'net/network.json', samples: 'samples.csv' }
    await writeFile(file('estimated.json'), JSON.stringify({ process: flowMatching, data: estimated }))
  })
  afterAll(() => folder.remove())

  it('has the flow that SciPy follows', async () => {
    const problem = await readProblem(file('problem.json'))
    const again = parseProblem(JSON.parse(JSON.stringify(problem.specification)))
    for (const one of [problem, again]) {
      const f = await solve(one, rungeKutta(), { time: 1 })
      const rows = pointsToRows(f.evaluate(1, pointsFromRows(reference.x))).flat()
      for (const [i, value] of rows.entries()) expect(value).toBeCloseTo(reference.f.flat()[i], 8)
    }
  })

  it('takes mean and covariance from samples, which are drawn again', async () => {
    const { density } = await readProblem(file('estimated.json'))
    expect(Array.from(density.moments.mean)).toEqual([0, 1])
    expect(density.moments.trace).toBeCloseTo(5.5, 12)
    const rows = pointsToRows(points(density.sample?.(200, new Random(1)) ?? new Float64Array(0), 2))
    const drawn = [...new Set(rows.map(String))].sort()
    expect(drawn).toEqual(['-1,0', '0,-2', '0,4', '1,2'])
  })

  it('teaches, and is what a trained network is certified on', async () => {
    const train = [
      'train',
      '--time',
      '1',
      '--steps',
      '20',
      '--batch',
      '32',
      '--width',
      '8',
      '--layers',
      '2',
      '--json',
    ]
    const gaussian = { kind: 'gaussian', ...moments }
    await writeFile(file('data.json'), JSON.stringify({ process: flowMatching, data: gaussian }))
    const taught = await runCli([
      ...[...train, '--problem', file('data.json'), '--loss', 'cd'],
      ...['--teacher', file('net'), '--out', file('student')],
    ])
    expect(taught.code).toBe(0)
    expect(JSON.parse(taught.stdout).teacher).toBe(file('net'))
    const own = await runCli([
      ...train,
      '--problem',
      file('estimated.json'),
      '--loss',
      'pinn',
      '--out',
      file('own'),
    ])
    expect(own.code).toBe(0)
    for (const model of ['student', 'own']) {
      const args = [
        '--model',
        file(model),
        '--problem',
        file('estimated.json'),
        '--time',
        '1',
        '--samples',
        '64',
        '--json',
      ]
      const { stdout, stderr } = await runCli(['certify', ...args])
      // the Gaussian skip holds the moments of its data
      if (model === 'student') expect(stderr).toMatch(/moments|mean and covariance/)
      else {
        const found = JSON.parse(stdout)
        expect(found.against).toBe(
          'the flow of the network net/network.json (mean and covariance of 4 samples)',
        )
        expect(found.trueError.value).toBeGreaterThan(0.01)
        expect(found.estimate).toBeGreaterThan(found.trueError.value)
      }
    }
  }, 60_000)

  it('teaches its flow rather than that of the data', async () => {
    const teacher = await readTeacher(file('net'))
    const data = parseProblem({ process: flowMatching, data: { kind: 'gaussian', ...moments } })
    const own = predicted(
      {
        name: 'net',
        description: predictorSchema.parse(velocity),
        source: { file: 'w', bytes: encodeSafetensors(tensors) },
      },
      createProcess({ kind: 'flowMatching' }),
      data.density.moments,
    )
    const settings = { steps: 400, batch: 64, width: 16, layers: 2, rate: 0.01, intervals: 16 } as const
    const f = await solve(data, trainedMethod('pinn', settings, teacher), { time: 0.9, seed: 1 })
    const X = pointsFromRows(reference.x)
    const [student, flow, truth] = await Promise.all(
      [
        f,
        await solve({ ...data, density: own }, rungeKutta(), { time: 0.9 }),
        await solve(data, rungeKutta(), { time: 0.9 }),
      ].map(async (map) => pointsToRows(map.evaluate(0.9, X)).flat()),
    )
    const distance = (a: number[], b: number[]) => Math.hypot(...a.map((value, i) => value - b[i]))
    expect(distance(student, flow)).toBeLessThan(distance(truth, flow) / 3)
  }, 60_000)

  it('knows the data as they are where the problem has them centred', () => {
    const files = {
      name: 'net',
      description: predictorSchema.parse(velocity),
      source: { file: 'w', bytes: encodeSafetensors(tensors) },
    }
    const { density, process } = problemOf(flowMatching, velocity, tensors, moments)
    const centre = Float64Array.of(3, -2)
    const moved = predicted(files, { ...process, centre }, density.moments)
    const x = Float64Array.of(1, 2, -1, 0.5)
    const about = x.map((value, i) => value - centre[i % 2])
    for (const key of ['denoiser', 'score'] as const) {
      const [own, other] = [new Float64Array(4), new Float64Array(4)]
      density[key](0.7, x, own)
      moved[key](0.7, about, other)
      for (const [i, value] of own.entries())
        expect(other[i]).toBeCloseTo(key === 'denoiser' ? value - centre[i % 2] : value, 12)
    }
  })

  it.each<[string, Json, Json, RegExp]>([
    [
      'no prediction',
      { predicts: undefined },
      {},
      /does not say what the network predicts; expected "predicts": one of score/,
    ],
    ['another prediction', { predicts: 'flow' }, {}, /network.predicts is "flow"/],
    ['no moments', {}, { mean: undefined }, /"mean" and "covariance", or "samples"/],
    [
      'samples too',
      {},
      {
        samples: [
          [1, 2],
          [3, 4],
        ],
      },
      /samples is given together with a mean/,
    ],
    ['another dimension', {}, { mean: [0], covariance: [[1]] }, /network.dimension is 2; expected 1/],
    [
      'data without extent',
      {},
      {
        covariance: [
          [0, 0],
          [0, 0],
        ],
      },
      /has no extent/,
    ],
    ['an unknown key', { output: { kind: 'trigflow', sigmaData: 1 } }, {}, /network.output/],
    ['a start after the end', { start: 2 }, {}, /network.start is 2/],
    [
      'a check that fails',
      { inputs: ['x', 'sin(pi*t)', 't'] },
      {},
      /predicts \[.*\] at check point 1; expected \[.*the order of the inputs/,
    ],
  ])('with %s is refused', (_, changes, data, message) => {
    expect(() =>
      problemOf(flowMatching, { ...velocity, ...changes }, tensors, { ...moments, ...data }),
    ).toThrow(message)
  })

  it('is no consistency function, and says so', async () => {
    const { code, stderr } = await runCli([
      ...['certify', '--model', file('net'), '--problem', file('problem.json'), '--time', '1'],
    ])
    expect(code).toBe(2)
    expect(stderr).toMatch(/network.json predicts "velocity"; expected a consistency function/)
  })

  it('stands still before its start', async () => {
    const late = problemOf(flowMatching, { ...velocity, start: 0.2 }, tensors, moments)
    const whole = problemOf(flowMatching, velocity, tensors, moments)
    const X = pointsFromRows(reference.x)
    const f = await solve(late, rungeKutta(), { time: 1 })
    const { flow } = await solve(whole, rungeKutta(), { time: 1 })
    const expected = pointsToRows(flow?.evaluate(1, 0.2, X) ?? X).flat()
    // f is a place of the data: x/α at the start
    const rows = pointsToRows(f.evaluate(1, X)).flat()
    for (const [i, value] of rows.entries()) expect(value).toBeCloseTo(expected[i] / 0.8, 8)
  })
})

describe('an ONNX graph', () => {
  it('in single precision has its flow to single precision, and says so', async () => {
    const { model } = await trainModel(triple, { ...briefTraining, loss: 'ct', steps: 20 })
    const map = await modelMap(model)
    const d = triple.dimension
    const description = predictorSchema.parse({
      ...{ format: 'consistency-pde network', formatVersion: 1, kind: 'onnx', dimension: d, graph: 'f.onnx' },
      ...{ predicts: 'denoiser', names: { prediction: 'f' } },
      check: {
        t: [1],
        x: [[1, 2, 3].slice(0, d)],
        prediction: [Array.from(map.evaluate(1, Float64Array.of(1, 2, 3).slice(0, d)))],
      },
    })
    const files = { name: 'onnx', description, source: { file: 'f.onnx', bytes: asOnnx(model, false) } }
    const own = predicted(files, triple.process, triple.density.moments)
    const x = Float64Array.from({ length: 20 * d }, (_, i) => 5 * Math.sin(i))
    const f = await rungeKutta().solveVe(own, { time: 5, seed: 0 })
    expect(f.warnings?.[0]).toMatch(/numbers of single precision, so the tolerance of a step is 2.4e-7/)
    const same = { ...own, rounding: 2 ** -53, ...exactDenoiser((t, y) => map.evaluate(t, y)) }
    const truth = await rungeKutta({ rtol: 1e-8 }).solveVe(same, { time: 5, seed: 0 })
    const [a, b] = [f.evaluate(5, x), truth.evaluate(5, x)]
    for (const [i, value] of a.entries()) expect(Math.abs(value - b[i])).toBeLessThan(1e-5)
  }, 60_000)
})

/** Noise and denoiser of a map in double precision. */
function exactDenoiser(map: (t: number, y: Float64Array) => Float64Array) {
  return {
    denoiser: (t: number | Float64Array, y: Float64Array, out: Float64Array) => out.set(map(Number(t), y)),
    noise(t: number | Float64Array, y: Float64Array, out: Float64Array) {
      const time = Math.max(Number(t), 1e-4)
      const D = map(time, y)
      for (let i = 0; i < y.length; i++) out[i] = (y[i] - D[i]) / time
    },
  }
}
