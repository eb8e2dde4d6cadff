import { parseArgs } from 'node:util'
import { type EulerianMap, type ForwardMap, gridMethod, type MeshName } from '../solvers/grid/index.ts'
import { rungeKutta } from '../src/characteristics/index.ts'
import { readProblem } from '../src/create/read-problem.ts'
import { checkInteger, checkNumber, InputError } from '../src/errors.ts'
import { exactMap } from '../src/exact/exact.ts'
import { readPoints, writePoints } from '../src/io/points-files.ts'
import { points, rowMajor } from '../src/points/points.ts'
import type { Density } from '../src/problem/density.ts'
import { sampleNoised } from '../src/problem/evaluate.ts'
import { Random } from '../src/random/random.ts'
import { version } from '../src/version.ts'

/**
 * Times f(T, X) by a grid, its construction and its evaluation apart, and measures its error. --nodes takes
 * several sizes. The truth is --truth, the exact map where there is one, or characteristics at rtol 1e-12.
 */
export async function grid(args: string[]): Promise<object> {
  const { values } = parseArgs({
    args,
    options: {
      problem: { type: 'string' },
      time: { type: 'string' },
      scheme: { type: 'string', default: 'forward-map' },
      nodes: { type: 'string', multiple: true, default: [] },
      tolerance: { type: 'string' },
      cfl: { type: 'string' },
      mesh: { type: 'string' },
      threads: { type: 'string', default: '1' },
      points: { type: 'string' },
      truth: { type: 'string' },
      out: { type: 'string' },
      n: { type: 'string', default: '100000' },
      repeats: { type: 'string', default: '3' },
    },
  })
  if (!values.problem) throw new InputError('--problem', values.problem, 'a problem file')
  const problem = await readProblem(values.problem)
  if (problem.process.kind !== 've')
    throw new InputError('the process', problem.process.kind, 've, which the times are compared for')
  const { density, dimension } = problem
  const time = checkNumber('--time', Number(values.time), 0, problem.process.maximumTime, true)
  const threads = checkInteger('--threads', Number(values.threads), 1)
  const repeats = checkInteger('--repeats', Number(values.repeats), 1)
  const X = values.points
    ? await readPoints(values.points)
    : sampleNoised(problem, time, checkInteger('--n', Number(values.n), 1), new Random(1))
  const x = rowMajor(X)
  const truth = values.truth ? rowMajor(await readPoints(values.truth)) : await trueValues(density, time, x)
  const sizes = values.nodes.length > 0 ? values.nodes.map(Number) : [undefined]
  const runs: object[] = []
  for (const nodes of sizes) {
    const method = gridMethod({
      scheme: values.scheme,
      ...(nodes !== undefined && { nodes }),
      ...(values.tolerance !== undefined && { tolerance: Number(values.tolerance) }),
      ...(values.cfl !== undefined && { cfl: Number(values.cfl) }),
      threads,
      ...(values.mesh !== undefined && { mesh: values.mesh as MeshName }),
    })
    const construction: number[] = []
    const evaluation: number[] = []
    const cpu: number[] = []
    let f = new Float64Array(0)
    let map: EulerianMap | ForwardMap | undefined
    for (let repeat = 0; repeat < repeats; repeat++) {
      const start = performance.now()
      const busy = process.cpuUsage()
      map = (await method.solveVe(density, { time, seed: 0 })) as EulerianMap | ForwardMap
      const made = performance.now()
      f = Float64Array.from(map.evaluate(time, x))
      construction.push((made - start) / 1000)
      evaluation.push((performance.now() - made) / 1000)
      const { user, system } = process.cpuUsage(busy)
      cpu.push((user + system) / 1e6)
    }
    if (values.out) await writePoints(values.out, points(f, dimension))
    runs.push({
      method: method.name,
      options: method.options,
      constructionSeconds: Math.min(...construction),
      evaluationSeconds: Math.min(...evaluation),
      cpuSeconds: Math.min(...cpu),
      pointsPerSecond: x.length / dimension / Math.min(...evaluation),
      functionEvaluations: map?.functionEvaluations,
      ...errors(f, truth, dimension),
      diagnostics: map?.diagnostics,
    })
  }
  return { problem: values.problem, time, n: x.length / dimension, dimension, threads, runs, version }
}

/** f(T, x) from the exact map, or from characteristics at rtol 1e-12. */
export async function trueValues(density: Density, time: number, x: Float64Array): Promise<Float64Array> {
  const map = exactMap(density)
  if (map) return map(time, x)
  const solved = await rungeKutta({ rtol: 1e-12, atol: 1e-13 }).solveVe(density, { time, seed: 0 })
  return solved.evaluate(time, x)
}

/** √ of the mean of |f − truth|² over rows. */
export function rootMeanSquare(f: Float64Array, truth: Float64Array, d: number): number {
  return errors(f, truth, d).rms
}

function errors(
  f: Float64Array,
  truth: Float64Array,
  d: number,
): { rms: number; median: number; max: number } {
  const lengths = Float64Array.from({ length: f.length / d }, (_, row) => {
    let squares = 0
    for (let i = row * d; i < (row + 1) * d; i++) squares += (f[i] - truth[i]) ** 2
    return Math.sqrt(squares)
  }).sort()
  const n = lengths.length
  return {
    rms: Math.sqrt(lengths.reduce((sum, value) => sum + value * value, 0) / n),
    median: lengths[n >> 1] as number,
    max: lengths[n - 1] as number,
  }
}
