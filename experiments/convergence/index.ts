import type { Problem } from '../../src/problem/problem.ts'
import type { ConvergenceResults } from '../../src/studies/index.ts'
import { convergenceTest } from '../../src/studies/stepped-characteristics.ts'
import type { ExperimentRun } from '../experiment.ts'
import { TotalProgress } from '../in-workers.ts'
import { climb, type Ladder, networkPlans, taskCount } from './networks.ts'
import type { ConvergenceSettings, NetworkSettings } from './settings.ts'
import { steppedSolvers } from './solvers.ts'

/** What `convergence` writes to results.json: the order table of the solvers with its work, and networks against what is varied. */
export interface ConvergenceStudy extends ConvergenceResults {
  readonly networks: {
    readonly settings: NetworkSettings
    readonly ladders: readonly Ladder[]
  }
}

interface ConvergenceRun extends Omit<ExperimentRun<ConvergenceSettings>, 'threads'> {
  readonly problem: Problem
  readonly time: number
}

/**
 * The order of every solver with a fixed step and its error against work, from the same runs; and the error of small trained networks
 * against N, training steps, width and dimension, where an order is the exception (docs/mathematics.md §4).
 */
export async function convergence(run: ConvergenceRun): Promise<ConvergenceStudy> {
  const { problem, time, seed, settings, signal } = run
  const plans = networkPlans(problem, time, settings.networks, seed)
  const progress = new TotalProgress(run.onProgress)
  progress.add(1 + plans.reduce((sum, plan) => sum + taskCount(plan), 0))
  const orders = await convergenceTest(steppedSolvers(problem, settings), problem, {
    ...{ time, seed, trajectories: settings.trajectories, repeats: settings.repeats },
    onProgress: (part) => progress.update('solvers', part),
    signal,
  })
  progress.done('solvers')
  const ladders: Ladder[] = []
  for (const plan of plans)
    ladders.push(
      await climb(plan, settings.networks.trajectories, {
        ...{ seed, onProgress: (task, part) => progress.update(task, part) },
        onDone: (task) => progress.done(task),
        signal,
      }),
    )
  return { ...orders, networks: { settings: settings.networks, ladders } }
}
