import type { Problem } from '../src/problem/problem.ts'

/** `readProblem`, loaded when it is called: its expression parser is half of the time that the command line takes to start. */
export async function readProblem(path: string): Promise<Problem> {
  const { readProblem } = await import('../src/create/read-problem.ts')
  return readProblem(path)
}
