import { createHash } from 'node:crypto'
import { dirname, isAbsolute, join } from 'node:path'
import { createMethod } from '../../solvers/method-specification.ts'
import { trainingSettings } from '../../solvers/neural/settings.ts'
import { parseProblem } from '../../src/create/create-problem.ts'
import { readProblem } from '../../src/create/read-problem.ts'
import { InputError, namingInputs } from '../../src/errors.ts'
import { BadInput } from '../../src/io/bad-input.ts'
import { readJson } from '../../src/io/json.ts'
import { omitUndefined } from '../../src/omit-undefined.ts'
import { checkTime } from '../../src/problem/process.ts'
import type { ProblemRecord } from '../../src/specification/problem.ts'
import { parseSweep, type RunMethod, type SweepMethod, type SweepSpec } from './specification.ts'

/** One run of a sweep, as plain data: what it does depends on nothing else. */
export interface SweepRun {
  /** problem/method/seed-n, or problem/method/once of a method that is not trained; its files have this name. */
  readonly name: string
  /** A digest of all the rest: a result that has another one belongs to another sweep. */
  readonly key: string
  readonly problem: string
  readonly method: string
  readonly specification: ProblemRecord
  readonly time: number
  readonly options: RunMethod
  readonly seed: number | null
  readonly trajectories: number
  readonly intervals: number
  readonly samples: number
}

/** The runs of a sweep file. @throws InputError naming what does not fit, before anything is run */
export async function readSweep(path: string): Promise<SweepRun[]> {
  const spec = parseSweep(await readJson(path))
  const problems: Record<string, ProblemRecord> = {}
  for (const [name, { file, problem }] of Object.entries(spec.problems)) {
    if ((file === undefined) === (problem === undefined))
      throw new BadInput(`sweep.problems.${name}`, 'has both or none of file and problem', 'one of the two')
    problems[name] =
      file === undefined
        ? parseProblem(problem).specification
        : (await readProblem(isAbsolute(file) ? file : join(dirname(path), file))).specification
  }
  return sweepRuns(spec, problems)
}

/**
 * Every method on every problem, the trained ones with every seed, in this order.
 *
 * @param specifications the problems by name
 * @throws InputError for a method that names no problem of the sweep, or options that the method does not take
 */
export async function sweepRuns(
  spec: SweepSpec,
  specifications: Readonly<Record<string, ProblemRecord>>,
): Promise<SweepRun[]> {
  const { samples } = spec
  for (const [method, { problems = [] }] of Object.entries(spec.methods))
    for (const [i, problem] of problems.entries())
      if (!Object.hasOwn(spec.problems, problem))
        throw new InputError(`sweep.methods.${method}.problems[${i}]`, problem, 'the name of a problem')
  const runs: SweepRun[] = []
  for (const [problem, own] of Object.entries(spec.problems)) {
    const { time, trajectories = spec.trajectories, intervals = spec.intervals } = own
    const specification = specifications[problem]
    const made = parseProblem(specification)
    checkTime(made, `sweep.problems.${problem}.time`, time, true)
    for (const [method, given] of Object.entries(spec.methods)) {
      if (given.problems && !given.problems.includes(problem)) continue
      const options = optionsOn(problem, method, given)
      await namingInputs(
        (parameter) => `sweep.methods.${method}.${parameter}`,
        () =>
          options.kind === 'train'
            ? trainingSettings(options.loss, made.density, omitUndefined(options))
            : createMethod(options),
      )
      const seeds = options.kind === 'train' ? [...new Set(spec.seeds)] : [null]
      for (const seed of seeds) {
        const what = { specification, time, options, seed, trajectories, intervals, samples }
        const key = createHash('sha256').update(JSON.stringify(what)).digest('hex').slice(0, 16)
        const name = `${problem}/${method}/${seed === null ? 'once' : `seed-${seed}`}`
        runs.push({ name, key, problem, method, ...what })
      }
    }
  }
  return runs
}

/** The options of a method on one problem. @throws InputError where steps are given for other problems alone */
function optionsOn(problem: string, method: string, given: SweepMethod): RunMethod {
  // which problems it runs on is no part of what it does on one
  const { problems: _, ...options } = given
  if (options.kind !== 'train') return options
  const { steps } = options
  if (typeof steps !== 'object') return { ...options, steps }
  if (!Object.hasOwn(steps, problem))
    throw new BadInput(
      `sweep.methods.${method}.steps`,
      `has none for ${problem}`,
      'a number for each problem',
    )
  return { ...options, steps: steps[problem] }
}
