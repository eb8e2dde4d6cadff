import { spawnSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { loadavg, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { schedule } from '../solvers/grid/eulerian/march.ts'
import { type EulerianMap, forwardMap, gridMethod } from '../solvers/grid/index.ts'
import { comovingVelocity } from '../src/characteristics/probability-flow.ts'
import type { Method } from '../src/consistency-function.ts'
import { readProblem } from '../src/create/read-problem.ts'
import { ComputationError, checkInteger, checkNumber, InputError } from '../src/errors.ts'
import { readPoints, writePoints } from '../src/io/points-files.ts'
import { cube } from '../src/numeric/uniform-grid.ts'
import { points, rowMajor } from '../src/points/points.ts'
import { sampleNoised } from '../src/problem/evaluate.ts'
import { Random } from '../src/random/random.ts'
import { rootMeanSquare, trueValues } from './grid.ts'

const PEER = fileURLToPath(new URL('peers/pyclaw_grid.py', import.meta.url))

/**
 * Our WENO5 with the classical Runge–Kutta method and PyClaw's, in turn: as many nodes as it has cells on the same box, the same steps,
 * and values at the same points; and our forward-map grid with its defaults. CPU time of one thread, so that other work on the machine weighs less. Ours includes
 * the choice of box and steps, PyClaw's leaves set-up and compilation out.
 */
export async function gridPeers(args: string[]): Promise<object> {
  const { values } = parseArgs({
    args,
    options: {
      problem: { type: 'string' },
      time: { type: 'string' },
      nodes: { type: 'string' },
      cfl: { type: 'string', default: '1.2' },
      n: { type: 'string', default: '100000' },
      rounds: { type: 'string', default: '3' },
      python: { type: 'string', default: 'python3' },
    },
  })
  if (!values.problem) throw new InputError('--problem', values.problem, 'a problem file')
  const problem = await readProblem(values.problem)
  const { density, dimension } = problem
  const time = checkNumber('--time', Number(values.time), 0, problem.process.maximumTime, true)
  const nodes = checkInteger('--nodes', Number(values.nodes), 8)
  const cfl = checkNumber('--cfl', Number(values.cfl), 0, 1.4, true)
  const X = sampleNoised(problem, time, checkInteger('--n', Number(values.n), 1), new Random(1))
  const x = rowMajor(X)
  const truth = await trueValues(density, time, x)
  const eulerian = gridMethod({ scheme: 'weno5-rk4', nodes, cfl })
  const measured = async (method: Method) => {
    const start = process.cpuUsage()
    const map = await method.solveVe(density, { time, seed: 0 })
    const march = seconds(start)
    const f = Float64Array.from(map.evaluate(time, x))
    return { map, f, march, total: seconds(start) }
  }
  // also compiles
  await measured(forwardMap())
  const { extent } = ((await measured(eulerian)).map as EulerianMap).diagnostics
  const end = Math.atan2(time, density.moments.scale)
  const thetas = schedule(comovingVelocity(density), cube(dimension, extent, nodes), end, cfl)
  const folder = await mkdtemp(join(tmpdir(), 'bench-'))
  try {
    const file = (name: string) => join(folder, `${name}.npy`)
    await writePoints(file('x'), X)
    await writePoints(file('thetas'), points(thetas, 1))
    const options = {
      problem: resolve(values.problem),
      time,
      nodes,
      extent,
      thetas: file('thetas'),
      points: file('x'),
    }
    const words = Object.entries({ ...options, out: file('f') }).flatMap(([name, value]) => [
      `--${name}`,
      String(value),
    ])
    const theirs = async () => {
      const { status, stdout, stderr } = spawnSync(values.python, [PEER, ...words], {
        // where its log may lie
        cwd: folder,
        encoding: 'utf8',
      })
      if (status !== 0) throw new ComputationError(`PyClaw failed: ${stderr.trim()}`)
      const { march, velocity, evaluation } = JSON.parse(stdout.trim().split('\n').at(-1) ?? '')
      const total = march[0] + evaluation[0]
      return { f: rowMajor(await readPoints(file('f'))), march: march[0], velocity: velocity[0], total }
    }
    const rounds: object[] = []
    for (let round = 0; round < checkInteger('--rounds', Number(values.rounds), 1); round++) {
      const [a, b, c] = [await measured(eulerian), await theirs(), await measured(forwardMap())]
      rounds.push({
        ours: { march: a.march, total: a.total },
        pyclaw: { march: b.march, velocity: b.velocity, total: b.total },
        forwardMap: { construction: c.march, total: c.total },
        oursByPyclaw: a.total / b.total,
        pyclawByForwardMap: b.total / c.total,
        errors: [a, b, c].map(({ f }) => rootMeanSquare(f, truth, dimension)),
        load: loadavg()[0],
      })
    }
    return { problem: values.problem, time, nodes, steps: thetas.length - 1, rounds }
  } finally {
    await rm(folder, { recursive: true })
  }
}

function seconds(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1e6
}
