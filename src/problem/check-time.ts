import { checkNumber, InputError } from '../errors.ts'
import type { Problem } from './problem.ts'
import { processTime, veTime } from './process.ts'

/**
 * Returns t if it is a time of the problem: in [0, maximum] of its process (above 0 with `open`), and no later than its density is known
 * for.
 *
 * @throws InputError naming the parameter otherwise
 */
export function checkTime(
  { process, density }: Problem,
  parameter: string,
  t: unknown,
  open = false,
): number {
  const time = checkNumber(parameter, t, 0, process.maximumTime, open)
  const { maximumTime = Infinity, kind } = density
  if (process.nonlinear || veTime(process, time) <= maximumTime * (1 + 1e-12)) return time
  throw new InputError(
    parameter,
    time,
    `at most ${processTime(process, maximumTime)}, as far as the ${kind} data is known`,
  )
}
