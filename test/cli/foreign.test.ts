import { readFile, writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { modelMap, readModel } from '../../solvers/neural/index.ts'
import { readPoints, writePoints } from '../../src/io/points-files.ts'
import { points, rowMajor } from '../../src/points/points.ts'
import { asNetwork } from '../neural/exported.ts'
import { asOnnx, withWeightsElsewhere } from '../neural/onnx-graph.ts'
import { runCli } from './in-process.ts'
import { mixture, WorkFolder } from './work-folder.ts'

interface Certified {
  estimate: number
  interval: [number, number]
  derivativeError: number | null
  quadratureError: number
  initialError: number
  trueError: { value: number; interval: [number, number] }
  effectiveSampleSize: number
  worstShare: number
  paretoK: number
  byTime: { time: number; residual: number }[]
  worst: { row: number; error: number; share: number; x: number[] }[]
}

const N = 300
let folder: WorkFolder
let own: Certified
const file = (name: string) => folder.file(name)

async function json<T = Certified>(...args: string[]): Promise<T> {
  const { code, stdout, stderr } = await runCli([...args, '--json'])
  expect([code, stderr]).toEqual([0, ''])
  return JSON.parse(stdout)
}
const sampling = (problem = 'problem.json', time = '4') => [
  ...['--problem', file(problem), '--time', time, '--samples', String(N), '--seed', '3'],
]
const certify = (model: string) => json('certify', '--model', file(model), ...sampling())

async function writeNetwork(
  name: string,
  changes: Record<string, unknown>,
  files: Record<string, Uint8Array>,
) {
  const { mkdir } = await import('node:fs/promises')
  await mkdir(file(name), { recursive: true })
  const { description, weights } = asNetwork(await readModel(file('model')))
  await writeFile(file(`${name}/network.json`), JSON.stringify({ ...description, ...changes }))
  for (const [path, bytes] of Object.entries({ 'weights.safetensors': weights, ...files }))
    await writeFile(file(`${name}/${path}`), bytes)
}

/** The trajectories at T, by `points`. */
async function readPointsOfT() {
  await json('points', ...sampling(), '--out', file('all.json'))
  const rows = rowMajor(await readPoints(file('all.json')))
  const last = rows.subarray(rows.length - 3 * N)
  return { values: Array.from(last).filter((_, i) => i % 3 !== 0) }
}

/** f of the model at some points, as a check pair. */
async function pair() {
  const map = await modelMap(await readModel(file('model')))
  const [t, x] = [
    [0.5, 2, 4],
    [
      [1, 2],
      [-1, 0.5],
      [3, -4],
    ],
  ]
  return { t, x, f: x.map((row, i) => Array.from(map.evaluate(t[i], Float64Array.from(row)))) }
}

beforeAll(async () => {
  folder = await WorkFolder.create({
    'problem.json': JSON.stringify(mixture),
    'vp.json': JSON.stringify({ ...mixture, process: { kind: 'vp', betaMin: 0.1, betaMax: 20 } }),
    'fm.json': JSON.stringify({ ...mixture, process: { kind: 'flowMatching' } }),
  })
  const train = ['train', '--loss', 'cd', '--steps', '300', '--batch', '64', '--width', '16', '--layers', '2']
  for (const [problem, time, out] of [
    ['problem.json', '4', 'model'],
    ['vp.json', '0.8', 'vp-model'],
    ['fm.json', '1', 'fm-model'],
  ])
    await json(...train, '--problem', file(problem), '--time', time, '--seed', '3', '--out', file(out))
  own = await certify('model')
  const onnx = {
    kind: 'onnx',
    graph: 'f.onnx',
    check: await pair(),
    ...{ weights: undefined, inputs: undefined, layout: undefined, layers: undefined, output: undefined },
  }
  const model = await readModel(file('model'))
  await writeNetwork('mlp', { check: await pair() }, {})
  await writeNetwork('onnx', onnx, { 'f.onnx': asOnnx(model, false) })
  await writeNetwork(
    'dual',
    { ...onnx, dual: 'dual.onnx' },
    { 'f.onnx': asOnnx(model, false), 'dual.onnx': asOnnx(model, true) },
  )
}, 60_000)
afterAll(() => folder.remove())

/** The part of an interval that comes from the sample, not from single precision. */
function deviation({ estimate, interval, quadratureError, derivativeError }: Certified): number {
  return interval[1] - estimate - quadratureError - (derivativeError ?? 0)
}

/** The same certificate and error, up to `tolerance` relative. */
function expectSame(other: Certified, tolerance: number, whole = own): void {
  const near = (a: number, b: number, scale = b) => expect(Math.abs(a - b)).toBeLessThan(tolerance * scale)
  near(other.estimate, whole.estimate)
  near(other.trueError.value, whole.trueError.value)
  near(other.worstShare, whole.worstShare)
  near(deviation(other), deviation(whole))
  near(other.effectiveSampleSize, whole.effectiveSampleSize)
  const largest = Math.max(...whole.byTime.map(({ residual }) => residual))
  whole.byTime.forEach(({ time, residual }, k) => {
    near(other.byTime[k].time, time, 1)
    near(other.byTime[k].residual, residual, largest)
  })
}

describe('one of our networks, told from outside, has the certificate and the error it has from inside', () => {
  test('as safetensors with a description', async () => {
    const other = await certify('mlp')
    expectSame(other, 2e-6)
    expect(other).toMatchObject({ method: 'network:exported', derivativeError: null })
    expect(other.initialError).toBeLessThan(1e-15)
  })

  test('as an ONNX graph with a dual graph', async () => {
    expectSame(await certify('dual'), 1e-5)
  })

  test('as an ONNX graph with its weights in a second file', async () => {
    const whole = await readFile(file('dual/f.onnx'))
    const { graph, weights } = withWeightsElsewhere(whole, 'f.onnx.data')
    await writeNetwork('beside', {}, { 'f.onnx': graph, 'f.onnx.data': weights })
    await writeFile(file('beside/network.json'), await readFile(file('onnx/network.json')))
    expect((await certify('beside')).trueError).toEqual((await certify('onnx')).trueError)
  })

  test('a file of weights or a graph is refused with what is needed', async () => {
    for (const name of ['a.pt', 'a.onnx', 'a']) {
      await writeFile(file(name), 'weights')
      const { code, stderr } = await runCli(['certify', '--model', file(name), ...sampling()])
      expect([code, stderr]).toEqual([
        2,
        `${file(name)} is a file of weights or a graph, which does not say how f is made of it; expected a description in JSON beside it, or the folder of both (docs/your-own-network.md).\n`,
      ])
    }
  })

  test('the worst trajectories are named, with their places at T', async () => {
    const { worst, trueError } = own
    expect(worst).toHaveLength(8)
    const { values } = await readPointsOfT()
    const shares = worst.map(({ share }) => share)
    expect(shares).toEqual(shares.slice().sort((a, b) => b - a))
    expect(shares[0]).toBeLessThanOrEqual(1)
    for (const { row, x } of worst) expect(x).toEqual(values.slice(2 * row, 2 * row + 2))
    // errors are relative like the whole
    expect(Math.max(...worst.map(({ error }) => error))).toBeGreaterThan(trueError.value)
    const { stdout } = await runCli(['certify', '--model', file('model'), ...sampling()])
    expect(stdout).toMatch(
      new RegExp(`^The 8 worst of the trajectories hold .* the worst is row ${worst[0].row} \\(`, 'm'),
    )
  })

  test('as an ONNX graph alone, by differences that say how far they may be off', async () => {
    const other = await certify('onnx')
    const { derivativeError } = other
    expect(derivativeError).toBeGreaterThan(0)
    expect(derivativeError).toBeLessThan(0.05 * own.estimate)
    expect(Math.abs(other.estimate - own.estimate)).toBeLessThan(Number(derivativeError))
    expect(Math.abs(other.trueError.value - own.trueError.value)).toBeLessThan(1e-5)
  })

  test.each([
    ['problem.json', 'model', '4'],
    ['vp.json', 'vp-model', '0.8'],
    ['fm.json', 'fm-model', '1'],
  ])('by its values and tangents at the points of `points` (%s)', async (problem, model, time) => {
    const inside = await json('certify', '--model', file(model), ...sampling(problem, time))
    const names = ['--out', file('p.npy'), '--directions', file('d.npy')]
    const { rows } = await json<{ rows: number }>('points', ...sampling(problem, time), ...names)
    // to τ = ∞ the last intervals are split
    expect(rows).toBe((problem === 'fm.json' ? 75 : 65) * N)
    const { values, tangents } = await evaluated(problem, model, time)
    await writePoints(file('v.npy'), points(values, 2))
    await writePoints(file('g.npy'), points(tangents, 2))
    const score = ['score', ...sampling(problem, time), '--values', file('v.npy'), '--points', file('p.npy')]
    // at the end of flow matching the tangents are one-sided differences of a float32 network
    const near = problem === 'fm.json' ? 1e-4 : 2e-6
    expectSame(await json(...score, '--tangents', file('g.npy')), near, inside)
    // by differences along the trajectories: float32 networks leave some 1e-6 of noise in each
    const differences = await json(...score)
    expect(differences.derivativeError).toBeLessThan(0.1 * inside.estimate)
    expect(Math.abs(differences.estimate - inside.estimate)).toBeLessThan(Number(differences.derivativeError))
    expect(differences.trueError.value).toBeCloseTo(inside.trueError.value, 6)
  })
})

/** What a script of ten lines does: f and its derivatives along the directions, at every row of p.npy. */
async function evaluated(problem: string, folderName: string, time: string) {
  const { readProblem } = await import('../../src/create/read-problem.ts')
  const { vePoints, veTime } = await import('../../src/problem/process.ts')
  const { process } = await readProblem(file(problem))
  const map = await modelMap(await readModel(file(folderName)))
  const [p, d] = [rowMajor(await readPoints(file('p.npy'))), rowMajor(await readPoints(file('d.npy')))]
  const rows = p.length / 3
  const values = new Float64Array(2 * rows)
  const tangents = new Float64Array(2 * rows)
  expect(p[3 * (rows - 1)]).toBe(Number(time))
  for (let first = 0; first < rows; first += N) {
    const t = p[3 * first]
    const columns = (from: Float64Array) =>
      Float64Array.from({ length: 2 * N }, (_, i) => from[3 * (first + Math.floor(i / 2)) + 1 + (i % 2)])
    // along the directions (dt, dx) of the problem's own process, by central differences in them
    const [x, dx] = [columns(p), columns(d)]
    const at = (own: number, points: Float64Array) =>
      [veTime(process, own), vePoints(process, own, points)] as const
    const [tau, y] = at(t, x)
    const jvp = map.jvp as NonNullable<typeof map.jvp>
    expect(d[3 * first]).toBe(1)
    const move = (by: number) =>
      at(
        t + by,
        x.map((value, i) => value + by * dx[i]),
      )
    values.set(map.evaluate(tau, y), 2 * first)
    if (t === process.maximumTime) {
      const h = 2e-3
      const [last, before, earlier] = [0, -h, -2 * h].map((by) => map.evaluate(...move(by)))
      tangents.set(
        last.map((value, i) => (3 * value - 4 * before[i] + earlier[i]) / (2 * h)),
        2 * first,
      )
      continue
    }
    if (t === 0) continue
    const h = 1e-5 * Math.min(t, process.maximumTime - t)
    const [[tauHigh, yHigh], [tauLow, yLow]] = [move(h), move(-h)]
    const speed = (tauHigh - tauLow) / (2 * h)
    const dy = y.map((_, i) => (yHigh[i] - yLow[i]) / (tauHigh - tauLow))
    tangents.set(
      jvp(tau, y, dy).tangent.map((value) => speed * value),
      2 * first,
    )
  }
  return { values, tangents }
}

test('a network in the time of the VE process is refused at the end of a process, where that is infinite', async () => {
  await writeNetwork('ve', { time: 've' }, {})
  const { code, stderr } = await runCli(['certify', '--model', file('ve'), ...sampling('fm.json', '1')])
  expect(code).toBe(2)
  expect(stderr).toContain('an earlier one: the t of a network in the time of the VE process is infinite')
})

describe('what does not fit is refused in one sentence', () => {
  const description = async (changes: Record<string, unknown>) => {
    await writeNetwork('bad', changes, {})
    return runCli(['certify', '--model', file('bad'), ...sampling()])
  }
  test.each<[string, Record<string, unknown>, string]>([
    ['an unknown key', { widht: 3 }, 'network.widht'],
    ['an unknown activation', { layers: [{ weight: 'layer0.weight', activation: 'swish' }] }, 'activation'],
    ['a path', { weights: '../model/weights.safetensors' }, 'the name of a file in the folder'],
    ['another dimension', { dimension: 3 }, 'network.dimension is 3'],
    ['a missing tensor', { layers: [{ weight: 'w' }] }, 'has no tensor w'],
    ['the other layout', { layout: 'outputs-inputs' }, 'has the shape [9, 16] for layer0.weight'],
    ['no coordinates', { inputs: ['t'] }, 'network.inputs'],
    ['a logarithm at 0', { inputs: ['x', 'log(t)', ...Array(6).fill('t')] }, '"start" says where'],
    ['a formula that is none', { inputs: ['x', 'import("fs")', ...Array(6).fill('t')] }, 'network.inputs[1]'],
    ['an order of inputs that is not meant', { inputs: ['x', ...Array(7).fill('t')] }, 'at check point 1'],
  ])('%s', async (_, changes, culprit) => {
    const { code, stdout, stderr } = await description({ check: await pair(), ...changes })
    expect(stderr).toContain(culprit)
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(/^[^\n]+\.\n$/)
  })

  test('an ONNX file that is none, values of another shape, points of another seed', async () => {
    const bytes = await readFile(file('onnx/network.json'), 'utf8')
    await writeNetwork('bad', JSON.parse(bytes), { 'f.onnx': Uint8Array.of(1, 2, 3) })
    const { kind, graph, check, format, formatVersion, dimension } = JSON.parse(bytes)
    await writeFile(
      file('bad/network.json'),
      JSON.stringify({ kind, graph, check, format, formatVersion, dimension }),
    )
    expect(await runCli(['certify', '--model', file('bad'), ...sampling()])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('f.onnx is no ONNX file'),
    })
    await json('points', ...sampling(), '--out', file('p.npy'))
    const score = ['score', ...sampling(), '--points', file('p.npy')]
    expect(await runCli([...score, '--values', file('p.npy')])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(`has the shape [${65 * N}, 3]; expected [${65 * N}, 2]`),
    })
    expect(await runCli([...score, '--values', file('v.npy'), '--seed', '4'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('has other points than these options, from row 1 on'),
    })
  })
})
