import { modelMap, trainModel } from '../../solvers/neural/index.ts'
import type { VeMap } from '../../src/consistency-function.ts'
import { createProblem } from '../../src/create/create-problem.ts'
import { slicedWasserstein } from '../../src/metrics/wasserstein.ts'
import { Random } from '../../src/random/random.ts'
import { stratified } from '../sampling/rounds.ts'
import { line } from '../sampling/settings.ts'
import type { FewStepsSettings } from './settings.ts'
import { grids, type Times } from './times.ts'

/** K rounds of consistency sampling on one grid of times. */
export interface NoisingRow {
  readonly grid: string
  readonly steps: number
  /** To the data. */
  readonly wasserstein2: number
  readonly times: readonly number[]
}

export const GREEDY = 'greedy'

// candidates for another time, equally spaced in θ, and noises that a distance is the mean of
const CANDIDATES = 16
const NOISES = 2
const INTERVALS = 16

/**
 * Multistep consistency sampling (arXiv:2303.01469, algorithm 1) of a network by consistency training, whose law is wrong: noise of time t_k on the last
 * samples, and f(t_k, ·) again. Of the greedy times one after another is put in where W₂ is least then; all grids are measured with other noise.
 */
export async function noising(
  settings: FewStepsSettings,
  seed: number,
  turn: (label: string) => Promise<void>,
): Promise<NoisingRow[]> {
  const problem = createProblem(line.problem)
  const { density } = problem
  const { time } = line
  const { scale } = density.moments
  await turn('consistency training')
  const { model } = await trainModel(problem, {
    ...{ loss: 'ct', intervals: INTERVALS, width: 32, layers: 3, time, seed, monitor: false },
    steps: settings.training,
  })
  const map = await modelMap(model)
  const start = stratified(density, time, settings.linePoints)
  const data = stratified(density, 0, settings.linePoints)
  const distance = (times: Times, label: string) => {
    let sum = 0
    for (let k = 0; k < NOISES; k++) {
      const random = Random.stream(seed, `${label} ${k}`)
      sum += slicedWasserstein(rounds(map, times, start, random), data, 1) / NOISES
    }
    return sum
  }

  const most = Math.max(...settings.steps)
  const angle = Math.atan2(time, scale)
  const candidates = Array.from(
    { length: CANDIDATES },
    (_, k) => scale * Math.tan((angle * (k + 1)) / (CANDIDATES + 1)),
  )
  const greedy: Times[] = [Float64Array.of(time, 0)]
  for (let steps = 2; steps <= most; steps++) {
    await turn('greedy times')
    const before = greedy[greedy.length - 1]
    const tried = candidates
      .filter((t) => !before.includes(t))
      .map((t) =>
        Float64Array.of(...before, t)
          .sort()
          .reverse(),
      )
      .map((times) => ({ times, found: distance(times, 'noise to choose times by') }))
    greedy.push(tried.reduce((a, b) => (b.found < a.found ? b : a)).times)
  }

  const range = {
    time,
    scale,
    std: line.problem.data.stds[0],
    diameter: line.problem.data.means[1] - line.problem.data.means[0],
  }
  const rows: NoisingRow[] = []
  for (const steps of settings.steps) {
    await turn(`${steps} rounds`)
    const named = Object.entries(grids).map(([grid, make]) => [grid, make(steps, range)] as const)
    const own = greedy[steps - 1] ? [[GREEDY, greedy[steps - 1]] as const] : []
    for (const [grid, times] of [...named, ...own])
      rows.push({ grid, steps, wasserstein2: distance(times, 'noise'), times: Array.from(times) })
  }
  return rows
}

/** f at the first time, then noise of every later one above 0 and f there. */
function rounds(map: VeMap, times: Times, start: Float64Array, random: Random): Float64Array {
  let clean = map.evaluate(times[0], start)
  for (const t of times.slice(1, -1))
    clean = map.evaluate(
      t,
      clean.map((value) => value + t * random.normal()),
    )
  return clean
}
