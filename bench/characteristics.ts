import { parseArgs } from 'node:util'
import { rungeKutta, type TableauName } from '../src/characteristics/index.ts'
import { readProblem } from '../src/create/read-problem.ts'
import { checkInteger, checkNumber, InputError } from '../src/errors.ts'
import { readPoints, writePoints } from '../src/io/points-files.ts'
import { points, rowMajor } from '../src/points/points.ts'
import type { Density } from '../src/problem/density.ts'
import { sampleNoised } from '../src/problem/evaluate.ts'
import { Random } from '../src/random/random.ts'
import { version } from '../src/version.ts'

const REPEATS = 5

interface Run {
  readonly f: Float64Array
  /** Seconds of each repeat, ascending. */
  readonly seconds: readonly number[]
  readonly nfe: number
  /** Part of the time spent in the score and the denoiser. */
  readonly scoreShare: number
}

/**
 * Times f(T, X) by characteristics on one thread. With --rtol one run; without it the loosest tolerance, in steps of
 * a quarter decade, whose largest error reaches 1e-6, 1e-8 and 1e-10. The truth is --truth, or a run at rtol 1e-13.
 */
export async function characteristics(args: string[]): Promise<object> {
  const { values } = parseArgs({
    args,
    options: {
      problem: { type: 'string' },
      time: { type: 'string' },
      points: { type: 'string' },
      truth: { type: 'string' },
      out: { type: 'string' },
      n: { type: 'string', default: '4096' },
      solver: { type: 'string', default: 'dopri8' },
      coordinates: { type: 'string', default: 'comoving' },
      rtol: { type: 'string' },
    },
  })
  if (!values.problem) throw new InputError('--problem', values.problem, 'a problem file')
  const problem = await readProblem(values.problem)
  if (problem.process.kind !== 've')
    throw new InputError('the process', problem.process.kind, 've, which the times are compared for')
  const { density, dimension } = problem
  const time = checkNumber('--time', Number(values.time), 0, problem.process.maximumTime, true)
  const count = checkInteger('--n', Number(values.n), 1)
  const X = values.points
    ? await readPoints(values.points)
    : sampleNoised(problem, time, count, new Random(1))
  const x = rowMajor(X)
  const common = {
    tableau: values.solver as TableauName,
    coordinates: values.coordinates as 'comoving' | 't',
  }
  const run = (rtol: number, repeats: number) =>
    measure(density, time, x, { ...common, rtol, atol: rtol }, repeats)
  const truth = values.truth
    ? rowMajor(await readPoints(values.truth))
    : (await measure(density, time, x, { rtol: 1e-13, atol: 1e-14 }, 1)).f

  const describe = (rtol: number, result: Run) => ({
    solver: values.solver,
    coordinates: values.coordinates,
    rtol,
    n: x.length / dimension,
    dimension,
    threads: 1,
    seconds: { best: result.seconds[0], median: result.seconds[result.seconds.length >> 1] },
    microsecondsPerPoint: ((result.seconds[0] as number) / (x.length / dimension)) * 1e6,
    nfe: result.nfe,
    max_error: largestDifference(result.f, truth),
    scoreShare: result.scoreShare,
    version,
  })

  if (values.rtol !== undefined) {
    const rtol = checkNumber('--rtol', Number(values.rtol), 1e-14, 0.1)
    const result = await run(rtol, REPEATS)
    if (values.out) await writePoints(values.out, points(result.f, dimension))
    return describe(rtol, result)
  }
  const targets: object[] = []
  let exponent = 4
  for (const target of [1e-6, 1e-8, 1e-10]) {
    while (exponent < 13.5 && largestDifference((await run(10 ** -exponent, 1)).f, truth) > target)
      exponent += 0.25
    targets.push({ target, ...describe(10 ** -exponent, await run(10 ** -exponent, REPEATS)) })
  }
  return { problem: values.problem, time, targets }
}

async function measure(
  density: Density,
  time: number,
  x: Float64Array,
  options: Parameters<typeof rungeKutta>[0],
  repeats: number,
): Promise<Run> {
  const n = x.length / density.dimension
  const map = await rungeKutta(options).solveVe(density, { time, seed: 0 })
  let f = map.evaluate(time, x)
  const nfe = map.functionEvaluations / n
  const seconds = Array.from({ length: repeats }, () => {
    const start = performance.now()
    f = map.evaluate(time, x)
    return (performance.now() - start) / 1000
  }).sort((a, b) => a - b)
  return { f, seconds, nfe, scoreShare: repeats > 1 ? await shareOfScore(density, time, x, options) : 0 }
}

/** A run of its own, since timing every call takes time too. */
async function shareOfScore(
  density: Density,
  time: number,
  x: Float64Array,
  options: Parameters<typeof rungeKutta>[0],
): Promise<number> {
  let inside = 0
  const timed =
    (call: Density['score']): Density['score'] =>
    (t, points, out) => {
      const start = performance.now()
      call(t, points, out)
      inside += performance.now() - start
    }
  const watched = { ...density, score: timed(density.score), denoiser: timed(density.denoiser) }
  const map = await rungeKutta(options).solveVe(watched, { time, seed: 0 })
  const start = performance.now()
  map.evaluate(time, x)
  return inside / (performance.now() - start)
}

function largestDifference(a: Float64Array, b: Float64Array): number {
  let largest = 0
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(a[i] - b[i]))
  return largest
}
