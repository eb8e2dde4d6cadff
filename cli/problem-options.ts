import { readProblem } from '../src/create/read-problem.ts'
import { checkNumber } from '../src/errors.ts'
import { omitUndefined } from '../src/omit-undefined.ts'
import type { Problem } from '../src/problem/problem.ts'
import { checkTime } from '../src/problem/process.ts'
import { textOption, timeOption } from './options.ts'

/** Options of an experiment that runs on a problem of its own where none is given. */
export interface ProblemOptions {
  readonly problem?: string
  readonly time?: number
}

/** --problem and --time, with what is said of them. */
export function problemOptions(problem: string, time: string) {
  return [textOption('--problem <file>', problem), timeOption('--time <T>', time)]
}

/** Reads the problem where one is given, and checks that the time is one of its process. */
export async function givenProblem({ problem: file, time }: ProblemOptions) {
  const problem: Problem | undefined = file === undefined ? undefined : await readProblem(file)
  if (time !== undefined) {
    if (problem) checkTime(problem, '--time', time, true)
    else checkNumber('--time', time, 0, Infinity, true)
  }
  return omitUndefined({ problem, time })
}
