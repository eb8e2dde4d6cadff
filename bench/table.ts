import { parseArgs } from 'node:util'
import { tabulate } from '../solvers/grid/index.ts'
import { readProblem } from '../src/create/read-problem.ts'
import { checkInteger, InputError } from '../src/errors.ts'
import { drawNoised } from '../src/metrics/carried-sample.ts'
import { points } from '../src/points/points.ts'
import { Random } from '../src/random/random.ts'
import { version } from '../src/version.ts'

const REFERENCE = 'test/fixtures/reference'
const CASES = [
  { problem: `${REFERENCE}/mixture-1d-t5.json`, time: 5 },
  { problem: `${REFERENCE}/mixture-2d-t10.json`, time: 10 },
  { problem: `${REFERENCE}/mixture-3d-t20.json`, time: 20 },
]

/**
 * Points a second that a table for all times evaluates on one thread, in one to three dimensions, by processor time: f(T, X) of
 * a Points array, the table being made. Also at T/2, where the first evaluation interpolates the levels.
 */
export async function table(args: string[]): Promise<object> {
  const { values } = parseArgs({
    args,
    options: {
      problem: { type: 'string' },
      time: { type: 'string' },
      nodes: { type: 'string' },
      n: { type: 'string', default: '1000000' },
      repeats: { type: 'string', default: '5' },
      json: { type: 'boolean', default: true },
    },
  })
  const n = checkInteger('--n', Number(values.n), 1)
  const repeats = checkInteger('--repeats', Number(values.repeats), 1)
  const cases =
    values.problem === undefined ? CASES : [{ problem: values.problem, time: Number(values.time) }]
  const runs: object[] = []
  for (const { problem: path, time } of cases) {
    const problem = await readProblem(path)
    if (problem.process.kind !== 've') throw new InputError('the process', problem.process.kind, 've')
    const made = await seconds(() =>
      tabulate(problem, { time, ...(values.nodes !== undefined && { nodes: Number(values.nodes) }) }),
    )
    const f = made.result
    const times: object[] = []
    for (const t of [time, time / 2]) {
      const X = points(drawNoised(problem.density, t, n, new Random(1)), problem.dimension)
      const taken: number[] = []
      for (let repeat = 0; repeat < repeats; repeat++)
        taken.push((await seconds(async () => f.evaluate(t, X))).seconds)
      const sorted = taken.slice(1).sort((a, b) => a - b)
      times.push({
        t,
        pointsPerSecond: n / (sorted[sorted.length >> 1] ?? (taken[0] as number)),
        first: n / (taken[0] as number),
      })
    }
    runs.push({
      ...{ problem: path, dimension: problem.dimension, options: f.info.options },
      ...{ constructionSeconds: made.seconds, times, diagnostics: f.ve.diagnostics },
    })
  }
  return { n, threads: 1, runs, version }
}

/** Of processor time. */
async function seconds<T>(work: () => Promise<T>): Promise<{ readonly result: T; readonly seconds: number }> {
  const before = process.cpuUsage()
  const result = await work()
  const { user, system } = process.cpuUsage(before)
  return { result, seconds: (user + system) / 1e6 }
}
