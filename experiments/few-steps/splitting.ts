import { modelMap, trainModel } from '../../solvers/neural/index.ts'
import { samplingSchemes } from '../../solvers/sampling/index.ts'
import { createProblem } from '../../src/create/create-problem.ts'
import { carriedSample, carrier } from '../../src/metrics/carried-sample.ts'
import { errorStatistics, squaredDistances, weightedMean } from '../../src/metrics/error-statistics.ts'
import type { Mixture } from '../../src/problem/densities/gaussian-sum.ts'
import { Random } from '../../src/random/random.ts'
import { type FewStepsSettings, plane, STD } from './settings.ts'
import { diameterOf, grids, shortestPaths, type TimeRange, type Times } from './times.ts'

/** K steps on one grid of times. */
export interface SplittingRow {
  /** What makes a step: jumps of the trained two-time map, or steps of a sampler with the exact score. */
  readonly map: 'network' | 'euler' | 'heun'
  readonly grid: string
  readonly steps: number
  /** Relative error of the map from T to 0, with one standard error. */
  readonly relativeError: number
  readonly standardError: number
  readonly times: readonly number[]
}

export const BEST = 'best'

// of the exact flow that carries the error of a jump to time 0
const RTOL = 1e-6

/**
 * The map from T to 0 as K jumps f(t_k → t_{k+1}, ·) of a trained two-time map, and as K steps of two samplers, on grids of times; for the network on
 * those times too that are best for it.
 */
export async function splitting(
  settings: FewStepsSettings,
  seed: number,
  turn: (label: string) => Promise<void>,
): Promise<{ rows: SplittingRow[]; range: TimeRange }> {
  const problem = createProblem(plane.problem)
  const { density } = problem
  const { time } = plane
  const { scale, trace } = density.moments
  const range = { time, scale, std: STD, diameter: diameterOf(density as Mixture) }
  await turn('the two-time map')
  const { model } = await trainModel(problem, {
    ...{ loss: 'lmd', time, seed, steps: settings.training, width: settings.width, monitor: false },
  })
  const { flow } = await modelMap(model)
  if (!flow) throw new Error('a network of one time')
  const draw = (count: number, times: Float64Array, label: string) =>
    carriedSample(density, { time, count, intervals: 1, times, random: Random.stream(seed, label) })

  await turn('best times')
  const angle = Math.atan2(time, scale)
  const nodes = Float64Array.from(
    { length: settings.mesh + 1 },
    (_, k) => scale * Math.tan((angle * k) / settings.mesh),
  )
  nodes[settings.mesh] = time
  const known = draw(settings.chosenBy, nodes, 'trajectories to choose times by')
  const back = carrier(density, RTOL)
  const cost = (i: number, j: number) => {
    const there = flow.evaluate(nodes[i], nodes[j], known.positions[i])
    const end = j === 0 ? there : back(there, nodes[j], 0)
    const squares = squaredDistances(end, known.x0, known.weights.length, trace)
    return weightedMean(squares, known.weights)
  }
  const costs = await table(nodes.length, cost, turn)
  const best = shortestPaths(nodes, Math.max(...settings.steps), (i, j) => costs[i][j])

  const test = draw(settings.trajectories, Float64Array.of(time), 'test trajectories')
  const start = test.positions[test.positions.length - 1]
  const normal = () => 0
  const denoise = (t: number, x: Float64Array, out: Float64Array) => density.denoiser(t, x, out)
  const maps = {
    network(times: Times) {
      let x = start
      for (let k = 0; k + 1 < times.length; k++) x = flow.evaluate(times[k], times[k + 1], x)
      return x
    },
    euler: (times: Times) => sampled('euler', times),
    heun: (times: Times) => sampled('heun', times),
  }
  function sampled(scheme: 'euler' | 'heun', times: Times): Float64Array {
    const x = start.slice()
    samplingSchemes[scheme].descend(denoise, times, x, normal)
    const out = new Float64Array(x.length)
    denoise(times[times.length - 2], x, out)
    return out
  }
  const rows: SplittingRow[] = []
  for (const steps of settings.steps) {
    await turn(`${steps} steps`)
    for (const map of ['network', 'euler', 'heun'] as const) {
      const named = Object.entries(grids).map(([grid, make]) => [grid, make(steps, range)] as const)
      const own = map === 'network' && best[steps - 1] ? [[BEST, best[steps - 1]] as const] : []
      for (const [grid, times] of [...named, ...own]) {
        const { relativeError, standardError } = errorStatistics(
          ...([test.x0, maps[map](times), test.weights, trace, test.labels] as const),
        )
        rows.push({ map, grid, steps, relativeError, standardError, times: Array.from(times) })
      }
    }
  }
  return { rows, range }
}

/** The cost of every jump between nodes, a row at a time. */
async function table(
  count: number,
  cost: (i: number, j: number) => number,
  turn: (label: string) => Promise<void>,
): Promise<number[][]> {
  const rows: number[][] = [[]]
  for (let i = 1; i < count; i++) {
    await turn('best times')
    rows.push(Array.from({ length: i }, (_, j) => cost(i, j)))
  }
  return rows
}
