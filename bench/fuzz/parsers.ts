import { parseTrajectories } from '../../cli/trajectories-file.ts'
import { parseSweep } from '../../experiments/sweep/specification.ts'
import { decodeTable } from '../../solvers/grid/forward-map/table-file.ts'
import { decodeCheckpoint, encodeCheckpoint } from '../../solvers/neural/checkpoint.ts'
import { networkSchema } from '../../solvers/neural/foreign/index.ts'
import { mlpMap } from '../../solvers/neural/foreign/mlp-map.ts'
import { modelFromBytes, modelToBytes } from '../../solvers/neural/index.ts'
import { parseProblem } from '../../src/create/create-problem.ts'
import { compileFormula } from '../../src/expression/expression.ts'
import { parseCsv } from '../../src/io/csv.ts'
import { parseJson, parsePointsJson } from '../../src/io/json.ts'
import { formatNpy, parseNpy } from '../../src/io/npy.ts'
import { decodeText } from '../../src/io/read-file.ts'
import { decodeSafetensors, encodeSafetensors } from '../../src/io/safetensors.ts'
import { openOnnx } from '../../src/nn/foreign/onnx-session.ts'
import { createPredictor } from '../../src/nn/foreign/predictor.ts'
import { parsePredictor } from '../../src/nn/foreign/predictor-file.ts'
import { parseDescription } from '../../src/nn/model.ts'
import { pointsFromRows } from '../../src/points/points.ts'
import type { Random } from '../../src/random/random.ts'
import { parseWith } from '../../src/specification/schema.ts'
import { asOnnx } from '../../test/neural/onnx-graph.ts'
import { mutateOptions, optionLists, parseOptions } from './command-line.ts'
import type { mutate } from './mutate.ts'
import { mutateOnnx } from './mutate-onnx.ts'
import { npyFiles } from './npy-files.ts'
import { smallModel } from './small-model.ts'
import { signed, smallTable } from './small-table.ts'

/** A parser of files from outside, with valid files to start from. */
interface Parser {
  readonly valid: readonly Uint8Array[]
  /** May give a promise. */
  parse(bytes: Uint8Array): unknown
  /** Whether the valid files are refused in the end, since they name others that are not there. */
  readonly needsMore?: true
  /** How a file is spoiled; default `mutate`. */
  readonly mutate?: typeof mutate
}

const text = (value: unknown) =>
  new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value))
const json = (bytes: Uint8Array) => parseJson(decodeText(bytes, 'file'), 'file')
const rows = [
  [1, 2.5],
  [-3e-7, 4],
  [5, 6],
]

const ve = { kind: 've' }
const problems = [
  {
    process: ve,
    data: {
      kind: 'gaussian',
      mean: [0, 1],
      covariance: [
        [1, 0.5],
        [0.5, 2],
      ],
    },
  },
  {
    process: { kind: 'vp', betaMin: 0.1, betaMax: 20 },
    data: { kind: 'mixture', weights: [0.4, 0.6], means: [[0], [3]], stds: [1, 0.5] },
  },
  {
    process: { kind: 'edm' },
    data: {
      kind: 'product',
      marginals: [
        { weights: [0.5, 0.5], means: [-1, 1], stds: [0.3, 0.3] },
        { weights: [1], means: [0], stds: [1] },
      ],
      rotation: [
        [0, 1],
        [-1, 0],
      ],
    },
  },
  { process: ve, data: { kind: 'empirical', points: rows, bandwidth: 0.3 } },
  { process: ve, data: { kind: 'empirical', points: rows, bandwidth: 'silverman' } },
  {
    process: { kind: 'custom', drift: '-x/2', sigma: 'sqrt(1 + t)' },
    data: { kind: 'gaussian', mean: [0], covariance: [[1]] },
  },
  { process: ve, data: { kind: 'expression', score: '[-x1/(1+t^2), -x2/(2+t^2)]' } },
]
const interpolants = [
  ['cos(pi t/2)', 'sin(pi t/2)'],
  ['1 - t^3', 'atan2(t, 1)'],
  ['1 - t^t * t', 'sin(sin(t))'],
].map(([alpha, sigma]) => ({
  process: { kind: 'interpolant', alpha, sigma },
  data: { kind: 'gaussian', mean: [1], covariance: [[4]] },
}))
const formulas = [
  'sin(2 * x) + exp(-t^2) / (1 + abs(x))',
  'x > 0 and t < 3 ? log(1 + x^2) : -sqrt(t)',
  'atan2(x, t) * pow(x, 3) - max(t, x, 0.5)',
]

const sweeps = [
  {
    problems: { a: { file: 'a.json', time: 5 }, b: { problem: problems[0], time: 2 } },
    methods: {
      gaussian: { kind: 'gaussian' },
      fine: { kind: 'characteristics', rtol: 1e-8, problems: ['a'] },
    },
  },
  {
    problems: { a: { file: 'a.json', time: 5 } },
    methods: {
      small: { kind: 'train', loss: 'pinn', steps: 10, width: 8, layers: 1 },
      grid: { kind: 'grid', scheme: 'weno5', nodes: 65 },
      heun: { kind: 'sampler', solver: 'heun', steps: 18 },
    },
    seeds: [0, 1],
    trajectories: 200,
  },
]

const tensors = {
  'a.weight': { shape: [4, 3], data: Float32Array.from({ length: 12 }, (_, i) => Math.sin(i)) },
  'a.bias': { shape: [4], data: new Float32Array(4) },
  'b.weight': { shape: [2, 4], data: Float32Array.from({ length: 8 }, (_, i) => Math.cos(i)) },
}
const network = {
  ...{
    format: 'consistency-pde network',
    formatVersion: 1,
    kind: 'mlp',
    dimension: 2,
    weights: 'w.safetensors',
  },
  inputs: ['log(1 + t)/4', 'x'],
  layers: [{ weight: 'a.weight', bias: 'a.bias', activation: 'silu' }, { weight: 'b.weight' }],
  output: { kind: 'edm', sigmaData: 1, sigmaMin: 0.002 },
  check: { t: [1], x: [[0, 1]], f: [[0, 1]], tolerance: 10 },
}

const { output: _, ...stack } = network
const predictor = {
  ...stack,
  predicts: 'epsilon',
  output: { kind: 'formulas', skip: '0', out: 't^t / (1 + t)', in: 'cos(t)' },
  check: { t: [1], x: [[0, 1]], prediction: [[0, 1]], tolerance: 10 },
}

/** Two times of three trajectories in the plane. */
function trajectories(): Uint8Array {
  const points = (seed: number, n: number) => Float32Array.from({ length: n }, (_, i) => Math.sin(seed + i))
  return encodeSafetensors({
    t: { shape: [2], data: Float32Array.of(0, 1) },
    x: { shape: [2, 3, 2], data: points(0, 12) },
    f: { shape: [2, 3, 2], data: points(0.1, 12) },
    weights: { shape: [3], data: Float32Array.of(1, 2, 0.5) },
  })
}

/** All parsers of what comes from outside by name. */
export async function createParsers(random: Random): Promise<Readonly<Record<string, Parser>>> {
  const model = smallModel(random)
  const training = '{"settings":{}}'
  const arrays = { w: Float32Array.of(1, 2), b: Float32Array.of(3) }
  const state = { name: 'adam', scalars: { step: 3 }, arrays }
  const checkpoint = encodeCheckpoint(
    {
      ...{ step: 5, extensions: [], random: random.state(), monitor: [], evaluations: 10, seconds: 1 },
      ...{ weights: arrays, optimiser: state, average: state },
      curve: { points: [{ step: 1, loss: 2 }], sum: 1, count: 1 },
    },
    training,
  )
  return {
    problem: { valid: [...problems, ...interpolants].map(text), parse: (bytes) => parseProblem(json(bytes)) },
    sweep: { valid: sweeps.map(text), parse: (bytes) => parseSweep(json(bytes)) },
    csv: {
      valid: [
        text('a,b\n1,2\n3,\n5,6\n'),
        text('"x y",z\r\n1e5,-2\r\n'),
        text('1,2\n3,4\n'),
        text('a;b\n1,5;2\nNA;3\n'),
        text('a\tb\n1\t2\n'),
        text('sep=;\r\na;b\n1,5;2\r\n3;4\n'),
        text('a\tb\n1,5\t2\n'),
        text('"a, b","c ""d"""\n1e-200,2\n3e-200,-0\n'),
      ],
      parse: (bytes) => parseCsv(decodeText(bytes, 'file'), { name: 'file', anyDialect: true }),
    },
    npy: {
      valid: [formatNpy(pointsFromRows(rows)), formatNpy(pointsFromRows([[1]])), ...npyFiles()],
      parse: (bytes) => parseNpy(bytes, 'file'),
    },
    points: {
      valid: [text(rows), text([[1]])],
      parse: (bytes) => parsePointsJson(decodeText(bytes, 'file'), 'file'),
    },
    trajectories: {
      valid: [trajectories()],
      parse: (bytes) => parseTrajectories(bytes, 'file'),
    },
    safetensors: {
      valid: [encodeSafetensors(tensors, { note: 'x' }), encodeSafetensors({})],
      parse: (bytes) => decodeSafetensors(bytes, 'file'),
    },
    table: {
      valid: [await smallTable()],
      // with a checksum that fits, or nothing behind it would be reached
      parse: async (bytes) => decodeTable(await signed(bytes), 'file'),
    },
    model: { valid: [modelToBytes(model)], parse: (bytes) => modelFromBytes(bytes, 'file') },
    'model.json': {
      valid: [text(model.description)],
      parse: (bytes) => parseDescription(json(bytes), 'file'),
    },
    checkpoint: { valid: [checkpoint], parse: (bytes) => decodeCheckpoint(bytes, training, 'file') },
    network: {
      valid: [text(network)],
      parse(bytes) {
        const description = parseWith(networkSchema, json(bytes), 'network')
        if (description.kind === 'mlp')
          mlpMap(description, tensors, 'file').evaluate(1, Float64Array.of(1, 2))
      },
    },
    predictor: {
      valid: [text(predictor), text({ ...predictor, predicts: 'v', output: { kind: 'value' } })],
      parse(bytes) {
        const description = parsePredictor(json(bytes), 'file')
        if (description.kind === 'mlp')
          createPredictor(description, { file: 'file', bytes: encodeSafetensors(tensors) }, 'file')
      },
    },
    onnx: {
      valid: [asOnnx(model, false)],
      mutate: mutateOnnx,
      async parse(bytes) {
        const session = await openOnnx([{ file: 'file', bytes }])
        try {
          const inputs = { t: Float64Array.of(1, 2), x: Float64Array.of(1, 2, 3, 4) }
          session.run({ graph: 0, inputs, output: 'f', rows: 2, columns: 2 })
        } finally {
          session.close()
        }
      },
    },
    options: { valid: optionLists, needsMore: true, mutate: mutateOptions, parse: parseOptions },
    expression: {
      valid: formulas.map(text),
      parse: (bytes) => compileFormula(decodeText(bytes, 'file'), ['t', 'x'], 'file')({ t: 1.5, x: -2 }),
    },
  }
}
