import { hasComponents } from '../../solvers/fixed-points/gaussian-components.ts'
import { cdFixedPoint, ctFixedPoint } from '../../solvers/fixed-points/index.ts'
import { createMethod, type MethodSpecOf } from '../../solvers/method-specification.ts'
import type { Method } from '../../src/consistency-function.ts'
import type { Problem } from '../../src/problem/problem.ts'
import type { Progress } from '../../src/progress.ts'
import { drawTruth, measure } from '../../src/studies/measure.ts'
import { rotatedProduct } from '../high-dimensional/rotated-product.ts'
import type { NetworkSettings } from './settings.ts'

/** What is varied. */
export type Varied = 'intervals' | 'steps' | 'width' | 'dimension'

/** The error of one method at all values of what is varied. */
interface LadderLine {
  readonly method: string
  /** √(E|f̂ − f|² / tr Cov) at T with one standard error. */
  readonly error: readonly number[]
  readonly standardError: readonly number[]
  /** CPU seconds of training and evaluation. */
  readonly seconds: readonly number[]
}

export interface Ladder {
  readonly varied: Varied
  readonly values: readonly number[]
  readonly lines: readonly LadderLine[]
}

/** T of the rotated products, about 8 data scales. */
export const PRODUCT_TIME = 8

interface Run {
  readonly seed: number
  readonly onProgress: (task: string, progress: Progress) => void
  readonly onDone: (task: string) => void
  readonly signal?: AbortSignal
}

interface Line {
  readonly name: string
  readonly method: (value: number) => Method | Promise<Method>
}

interface Plan {
  readonly varied: Varied
  readonly values: readonly number[]
  readonly problem: (value: number) => Problem
  readonly time: number
  readonly lines: readonly Line[]
}

/** Small networks against what their error depends on: N, training steps, width, and the dimension of the data. */
export function networkPlans(
  problem: Problem,
  time: number,
  settings: NetworkSettings,
  seed: number,
): Plan[] {
  const { batch, rate, steps, width, intervals } = settings
  const train = (loss: 'pinn' | 'cd' | 'ct', own: Partial<MethodSpecOf<'train'>>) =>
    createMethod({ kind: 'train', loss, batch, rate, steps, width, intervals, ...own })
  const lines = (options: (value: number) => Partial<MethodSpecOf<'train'>>): Line[] =>
    (['pinn', 'cd', 'ct'] as const).map((loss) => ({
      name: loss === 'cd' ? 'cd heun' : loss,
      method: (value) => train(loss, options(value)),
    }))
  const same = { problem: () => problem, time }
  const byIntervals: Line[] = [
    ...(['euler', 'heun'] as const).map((solver) => ({
      name: `cd ${solver}`,
      method: (value: number) => train('cd', { intervals: value, solver }),
    })),
    { name: 'ct', method: (value) => train('ct', { intervals: value }) },
    ...(['euler', 'heun'] as const).map((solver) => ({
      name: `cd ${solver}, fixed point`,
      method: (value: number) => cdFixedPoint({ intervals: value, solver }),
    })),
    ...(problem.dimension === 1 && hasComponents(problem.density)
      ? [{ name: 'ct, fixed point', method: (value: number) => ctFixedPoint({ intervals: value }) }]
      : []),
  ]
  const { dimensionSteps, dimensionWidth } = settings
  return [
    { varied: 'intervals', values: settings.eachIntervals, ...same, lines: byIntervals },
    { varied: 'steps', values: settings.eachSteps, ...same, lines: lines((value) => ({ steps: value })) },
    { varied: 'width', values: settings.eachWidth, ...same, lines: lines((value) => ({ width: value })) },
    {
      varied: 'dimension',
      values: settings.eachDimension,
      problem: (value) => rotatedProduct(value, seed),
      time: PRODUCT_TIME,
      lines: [
        { name: 'Gaussian map', method: () => createMethod({ kind: 'gaussian' }) },
        ...lines(() => ({ steps: dimensionSteps, width: dimensionWidth })),
      ],
    },
  ]
}

/** Trains and measures what a plan asks for, on trajectories that are the same for all of a value. */
export async function climb(plan: Plan, trajectories: number, run: Run): Promise<Ladder> {
  const { varied, values, time } = plan
  const { seed, signal } = run
  const found = plan.lines.map(({ name }) => ({
    ...{ method: name, error: [] as number[], standardError: [] as number[], seconds: [] as number[] },
  }))
  for (const value of values) {
    const problem = plan.problem(value)
    const truth = drawTruth(problem, time, trajectories, seed)
    for (const [i, { name, method }] of plan.lines.entries()) {
      const task = taskName(plan, name, value)
      signal?.throwIfAborted()
      const { statistics, seconds } = await measure(
        problem,
        await method(value),
        truth,
        {
          ...{ time, seed, onProgress: (progress: Progress) => run.onProgress(task, progress) },
          signal,
        },
        1,
      )
      run.onDone(task)
      found[i].error.push(statistics.relativeError)
      found[i].standardError.push(statistics.standardError)
      found[i].seconds.push(seconds)
    }
  }
  return { varied, values, lines: found }
}

/** How many trainings and other measurements a plan has. */
export function taskCount({ lines, values }: Plan): number {
  return lines.length * values.length
}

function taskName({ varied }: Plan, method: string, value: number): string {
  return `${method}, ${varied} ${value}`
}
