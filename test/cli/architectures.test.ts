import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadNetwork } from '../../solvers/neural/foreign/index.ts'
import { rungeKutta } from '../../src/characteristics/index.ts'
import { parseProblem } from '../../src/create/create-problem.ts'
import { readPoints, writePoints } from '../../src/io/points-files.ts'
import { encodeSafetensors } from '../../src/io/safetensors.ts'
import { measureError } from '../../src/metrics/measure-error.ts'
import { points, rowMajor } from '../../src/points/points.ts'
import { solve } from '../../src/solve.ts'
import { runCli } from './in-process.ts'
import { WorkFolder } from './work-folder.ts'

// Networks that examples/pytorch/architectures.py trained and exported, with errors that SciPy's DOP853 found.

const networks = {
  'a residual MLP with adaptive LayerNorm and Fourier features, in the form of EDM': ['edm', 400],
  'a mean velocity u(x, t, r) of flow matching': ['meanflow', 400],
  'a network of the integer steps of a cosine schedule': ['cosine', 400],
  'convolutions and attention on images of 8 × 8': ['digits', 40],
} as const

let folder: WorkFolder
beforeAll(async () => {
  folder = await WorkFolder.create({})
})
afterAll(() => folder.remove())

const fixture = (name: string, file: string) =>
  new URL(`../fixtures/networks/${name}/${file}`, import.meta.url).pathname
const read = (name: string, file: string) => JSON.parse(readFileSync(fixture(name, file), 'utf8'))

async function json(...args: string[]) {
  const { code, stdout, stderr } = await runCli([...args, '--json'])
  expect([code, stderr]).toEqual([0, ''])
  return JSON.parse(stdout)
}

describe.each(Object.entries(networks))('%s', (_, [name, count]) => {
  const reference = read(name, 'reference.json')
  const problem = parseProblem(read(name, 'problem.json'))
  const { time } = reference
  const sampling = [
    ...['--problem', fixture(name, 'problem.json'), '--time', String(time)],
    ...['--samples', String(count), '--seed', '1', '--intervals', '8'],
  ]

  test('has the error that DOP853 finds, and one error by ONNX, by values and by trajectories', async () => {
    const f = await solve(problem, await loadNetwork(fixture(name, 'network.json')), { time })
    const { relativeError: value, standardError } = await measureError(f, problem, {
      ...{ time, samples: count, seed: 1 },
    })
    const interval = [-1.96, 1.96].map((deviations) => value + deviations * standardError)
    const [low, high] = [-1.96, 1.96].map(
      (deviations) => reference.error + deviations * reference.standardError,
    )
    expect(interval[0]).toBeLessThan(high)
    expect(interval[1]).toBeGreaterThan(low)
    // convolutions are slow to differentiate
    if (name !== 'digits') {
      const certified = await json('certify', '--model', fixture(name, 'network.json'), ...sampling)
      expect(Math.abs(certified.trueError.value / value - 1)).toBeLessThan(1e-5)
      expect(certified.estimate).toBeGreaterThan(value)
    }

    const [p, v, w, file] = ['p.npy', 'v.npy', 'w.npy', 'flow.safetensors'].map((one) => folder.file(one))
    await json('points', ...sampling, '--out', p, '--weights', w)
    const rows = rowMajor(await readPoints(p))
    const d = problem.dimension
    const times = [...new Set(rows.filter((_value, i) => i % (d + 1) === 0))]
    const each = (k: number) =>
      Float64Array.from(
        { length: count * d },
        (_value, i) => rows[(k * count + Math.floor(i / d)) * (d + 1) + 1 + (i % d)],
      )
    const x = times.map((_time, k) => each(k))
    const values = times.map((t, k) => rowMajor(f.evaluate(t, points(x[k], d))))
    await writePoints(v, points(Float64Array.from(values.flatMap((one) => Array.from(one))), d))
    const options = [...sampling, '--values', v, '--points', p]
    const byValues = await json('score', ...options)
    expect(Math.abs(byValues.trueError.value / value - 1)).toBeLessThan(1e-5)

    const stacked = (parts: Float64Array[]) => ({
      shape: [times.length, count, d],
      data: Float64Array.from(parts.flatMap((one) => Array.from(one))),
    })
    await writeFile(
      file,
      encodeSafetensors({
        t: { shape: [times.length], data: Float64Array.from(times) },
        ...{ x: stacked(x), f: stacked(values) },
        weights: { shape: [count], data: rowMajor(await readPoints(w)) },
      }),
    )
    const byTrajectories = await json('score', '--trajectories', file)
    const own = byTrajectories.error.value * byTrajectories.spread
    expect(Math.abs(own / (value * Math.sqrt(problem.density.moments.trace)) - 1)).toBeLessThan(1e-5)
  })

  test('the flow is that of DOP853', async () => {
    const f = await solve(problem, rungeKutta({ rtol: 1e-11 }), { time })
    const found = f.evaluate(time, reference.points)
    const scale = problem.density.moments.scale
    for (const [i, value] of reference.truth.flat().entries())
      expect(Math.abs(found.data[i] - value)).toBeLessThan(1e-6 * scale)
  })
})

test('a map of two times is one of them all', async () => {
  const sampling = ['--problem', fixture('meanflow', 'problem.json'), '--time', '0.99', '--samples', '100']
  const [p, v] = ['pairs.npy', 'pair-values.npy'].map((one) => folder.file(one))
  await json('points', ...sampling, '--pairs', '--out', p)
  const problem = parseProblem(read('meanflow', 'problem.json'))
  const f = await solve(problem, await loadNetwork(fixture('meanflow', 'network.json')), { time: 0.99 })
  const rows = rowMajor(await readPoints(p))
  const values: number[] = []
  for (let first = 0; first < rows.length; first += 400) {
    const x = Float64Array.from({ length: 200 }, (_, i) => rows[first + 4 * Math.floor(i / 2) + 2 + (i % 2)])
    values.push(...rowMajor(f.flow?.evaluate(rows[first], rows[first + 1], points(x, 2)) ?? points(x, 2)))
  }
  await writePoints(v, points(Float64Array.from(values), 2))
  const { pairs } = await json('score', ...sampling, '--pairs', '--values', v, '--points', p)
  expect(pairs).toHaveLength(36)
  for (const { error } of pairs) expect(error).toBeLessThan(0.3)
})
