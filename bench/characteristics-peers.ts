import { spawnSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { rungeKutta, type TableauName } from '../src/characteristics/index.ts'
import { readProblem } from '../src/create/read-problem.ts'
import { ComputationError, checkInteger, checkNumber, InputError } from '../src/errors.ts'
import { readPoints, writePoints } from '../src/io/points-files.ts'
import { rowMajor } from '../src/points/points.ts'
import type { Density } from '../src/problem/density.ts'
import { sampleNoised } from '../src/problem/evaluate.ts'
import { Random } from '../src/random/random.ts'

const PEER = fileURLToPath(new URL('peers/diffrax_characteristics.py', import.meta.url))
const REPEATS = 10

/** One evaluation of f at all points: its largest error and the CPU seconds of each repeat, ascending. */
interface Run {
  readonly error: number
  readonly cpu: readonly number[]
}

/**
 * Our characteristics and diffrax's DOP853 in turn, at equal largest error: each at the loosest tolerance, in steps of an
 * eighth of a decade, that reaches --error against a run of ours at rtol 1e-13. CPU time of one thread, so that other work
 * on the machine weighs less; compilation is left out on both sides.
 */
export async function characteristicsPeers(args: string[]): Promise<object> {
  const { values } = parseArgs({
    args,
    options: {
      problem: { type: 'string' },
      time: { type: 'string' },
      n: { type: 'string', default: '4096' },
      error: { type: 'string', default: '1e-8' },
      solver: { type: 'string', default: 'verner9' },
      rounds: { type: 'string', default: '3' },
      python: { type: 'string', default: 'python3' },
      block: { type: 'string', default: '512' },
    },
  })
  if (!values.problem) throw new InputError('--problem', values.problem, 'a problem file')
  const problem = await readProblem(values.problem)
  const { density } = problem
  const time = checkNumber('--time', Number(values.time), 0, problem.process.maximumTime, true)
  const n = checkInteger('--n', Number(values.n), 1)
  const target = checkNumber('--error', Number(values.error), 1e-12, 1)
  const X = sampleNoised(problem, time, n, new Random(1))
  const x = rowMajor(X)
  const truth = (await evaluate(density, time, x, { rtol: 1e-13, atol: 1e-14 }, 0)).f
  const folder = await mkdtemp(join(tmpdir(), 'bench-'))
  try {
    const points = join(folder, 'x.npy')
    const out = join(folder, 'f.npy')
    await writePoints(points, X)
    const ours = async (rtol: number, repeats: number): Promise<Run> => {
      const options = { tableau: values.solver as TableauName, rtol, atol: rtol }
      const { f, cpu } = await evaluate(density, time, x, options, repeats)
      return { error: largestDifference(f, truth), cpu }
    }
    const theirs = async (rtol: number, repeats: number): Promise<Run> => {
      const options = { problem: values.problem, time, points, out, rtol, block: values.block, repeats }
      const words = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)])
      const { status, stdout, stderr } = spawnSync(values.python, [PEER, ...words], { encoding: 'utf8' })
      if (status !== 0) throw new ComputationError(`diffrax failed: ${stderr.trim()}`)
      return { error: largestDifference(rowMajor(await readPoints(out)), truth), cpu: JSON.parse(stdout).cpu }
    }
    const tolerances = [await loosest(ours, target), await loosest(theirs, target)]
    const rounds: object[] = []
    for (let round = 0; round < Number(values.rounds); round++) {
      const [a, b] = [await ours(tolerances[0], REPEATS), await theirs(tolerances[1], REPEATS)]
      const perPoint = ({ cpu }: Run) => (cpu[cpu.length >> 1] / n) * 1e6
      rounds.push({
        ours: perPoint(a),
        diffrax: perPoint(b),
        oursByDiffrax: perPoint(a) / perPoint(b),
        errors: [a.error, b.error],
        load: loadavg()[0],
      })
    }
    return { problem: values.problem, time, n, error: target, tolerances, rounds }
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** The loosest tolerance, in steps of an eighth of a decade, whose error is at most the target. */
async function loosest(
  run: (rtol: number, repeats: number) => Promise<Run>,
  target: number,
): Promise<number> {
  for (let exponent = 6; exponent <= 13; exponent += 0.125)
    if ((await run(10 ** -exponent, 0)).error <= target) return 10 ** -exponent
  throw new ComputationError(`An error of ${target} is out of reach.`)
}

async function evaluate(
  density: Density,
  time: number,
  x: Float64Array,
  options: Parameters<typeof rungeKutta>[0],
  repeats: number,
) {
  const map = await rungeKutta(options).solveVe(density, { time, seed: 0 })
  const f = map.evaluate(time, x)
  const cpu = Array.from({ length: repeats }, () => {
    const start = process.cpuUsage()
    map.evaluate(time, x)
    const { user, system } = process.cpuUsage(start)
    return (user + system) / 1e6
  })
  return { f, cpu: cpu.sort((a, b) => a - b) }
}

function largestDifference(a: Float64Array, b: Float64Array): number {
  let largest = 0
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(a[i] - b[i]))
  return largest
}
