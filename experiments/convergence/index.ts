import { gridMethod } from '../../solvers/grid/index.ts'
import { sampler } from '../../solvers/sampling/index.ts'
import type { Method, Progress } from '../../src/consistency-function.ts'
import { type Figure, figures } from '../../src/figures/index.ts'
import { carriedSample } from '../../src/metrics/carried-sample.ts'
import { errorStatistics } from '../../src/metrics/error-statistics.ts'
import type { Problem } from '../../src/problem/problem.ts'
import { veTime } from '../../src/problem/process.ts'
import { Random } from '../../src/random/random.ts'
import { solve } from '../../src/solve.ts'
import { version } from '../../src/version.ts'

/** Error against step size for one solver. */
export interface ConvergenceLine {
  readonly method: string
  /** The order of theory for a smooth problem. */
  readonly order: number
  /** What the step is: 1/nodes, or 1/K for the K steps of a sampler. */
  readonly step: readonly number[]
  readonly error: readonly number[]
  /** log(e₁/e₂)/log(h₁/h₂) of the two finest steps. */
  readonly observedOrder: number
}

export interface ConvergenceResults {
  readonly problem: unknown
  readonly time: number
  readonly seed: number
  readonly version: string
  readonly trajectories: number
  readonly lines: readonly ConvergenceLine[]
}

export interface ConvergenceOptions {
  readonly problem: Problem
  readonly time: number
  readonly seed: number
  readonly quick: boolean
  readonly onProgress?: (progress: Progress) => void
  readonly signal?: AbortSignal
}

interface Ladder {
  readonly label: string
  readonly order: number
  readonly steps: readonly number[]
  method(count: number): Method
}

/**
 * The order table of the solvers with a fixed step: relative error at T on carried trajectories against the step, and
 * the order observed between the two finest. Where f has layers thinner than a cell the grids' orders drop to 0.3–0.7
 * (docs/mathematics.md §2).
 */
export async function convergence(options: ConvergenceOptions): Promise<ConvergenceResults> {
  const { problem, time, seed, quick } = options
  const ve = veTime(problem.process, time)
  const trajectories = quick ? 500 : 4000
  const sample = carriedSample(problem.density, {
    time: ve,
    count: trajectories,
    intervals: 2,
    rtol: 1e-12,
    random: Random.stream(seed, 'convergence'),
  })
  const end = sample.positions[sample.positions.length - 1]
  const chosen = ladders(problem.dimension, quick)
  const total = chosen.reduce((sum, { steps }) => sum + steps.length, 0)
  let done = 0
  const lines: ConvergenceLine[] = []
  for (const { label, order, steps, method } of chosen) {
    const error: number[] = []
    for (const count of steps) {
      options.signal?.throwIfAborted()
      options.onProgress?.({ done: done++, total, label })
      await new Promise((resolve) => setTimeout(resolve))
      const f = await solve(problem, method(count), { time })
      const { relativeError } = errorStatistics(
        sample.x0,
        f.ve.evaluate(ve, end),
        sample.weights,
        problem.density.moments.trace,
      )
      error.push(relativeError)
    }
    const [h1, h2] = steps.slice(-2).map((count) => 1 / count)
    const observedOrder = Math.log(error[error.length - 2] / error[error.length - 1]) / Math.log(h1 / h2)
    lines.push({ method: label, order, step: steps.map((count) => 1 / count), error, observedOrder })
  }
  return { problem: problem.specification, time, seed, version, trajectories, lines }
}

/** The figure of an order table. */
export function convergenceFigure({ lines, time }: ConvergenceResults): Figure {
  return figures.convergence({
    title: `Error against step size at T = ${time}`,
    stepLabel: 'step: 1/nodes an axis, or 1/K for K sampler steps',
    errorLabel: 'relative error',
    lines: lines.map(({ method, step, error, order }) => ({ label: method, step, error, order })),
  })
}

function ladders(dimension: number, quick: boolean): Ladder[] {
  const samplers: Ladder[] = (['euler', 'heun'] as const).map((solver, i) => ({
    label: `sampler:${solver}`,
    order: i + 1,
    steps: quick ? [16, 32, 64] : [16, 32, 64, 128, 256],
    method: (steps) => sampler({ solver, steps }),
  }))
  if (dimension > 2) return samplers
  const line = dimension === 1
  const coarse = line ? 51 : 25
  const nodes = (most: number) => Array.from({ length: most }, (_, k) => (coarse - 1) * 2 ** k + 1)
  const eulerian = (scheme: 'upwind' | 'weno5', order: number): Ladder => ({
    label: `grid:${scheme}`,
    order,
    steps: nodes(line ? (quick ? 4 : 5) : quick ? 2 : 3),
    // time steps of order 3 keep up with space of order 5 when Δθ ∝ h^{5/3}
    method: (count) =>
      gridMethod({
        scheme,
        nodes: count,
        cfl: scheme === 'weno5' ? 0.9 * ((coarse - 1) / (count - 1)) ** (2 / 3) : 0.9,
      }),
  })
  return [
    eulerian('upwind', 1),
    eulerian('weno5', 5),
    {
      label: 'grid:forward-map',
      order: 6,
      steps: (line ? [21, 41, 81, 161] : [16, 24, 32, 48, 64]).slice(0, quick ? 3 : undefined),
      method: (count) => gridMethod({ scheme: 'forward-map', nodes: count }),
    },
    ...samplers,
  ]
}
