import { checkNumber, InputError } from '../errors.ts'
import type { Density } from './density.ts'
import type { Problem } from './problem.ts'
import { isNoise, type Process, processTime, veTime } from './process.ts'

// mean and scale of data beside which LAST_TIME is infinite to rounding
const LARGEST_DATA = 1e30

/** Returns t if it is a time of the process in [low, high], or ∞ where that is one. @throws InputError otherwise */
export function checkProcessTime(
  { maximumTime, infinite }: Process,
  parameter: string,
  t: unknown,
  { low = 0, high = Infinity, open = false } = {},
): number {
  if (infinite && t === Infinity && high === Infinity) return t
  return checkNumber(parameter, t, low, Math.min(high, maximumTime), open)
}

/**
 * Returns t if it is a time of the problem: in [0, maximum] of its process (above 0 with `open`), ∞ where that is one, and no later than its
 * density is known for.
 *
 * @throws InputError naming the parameter otherwise
 */
export function checkTime(
  { process, density }: Problem,
  parameter: string,
  t: unknown,
  open = false,
): number {
  const time = checkProcessTime(process, parameter, t, { open })
  if (isNoise(process, time)) checkKnownAtEnd(density, parameter, time)
  const { maximumTime = Infinity, kind } = density
  if (process.nonlinear || veTime(process, time) <= maximumTime * (1 + 1e-12)) return time
  throw new InputError(
    parameter,
    time,
    `at most ${processTime(process, maximumTime)}, as far as the ${kind} data is known`,
  )
}

function checkKnownAtEnd({ knownAtEnd, moments }: Density, parameter: string, time: number): void {
  if (knownAtEnd === false)
    throw new InputError(
      parameter,
      time,
      'a time before the end: a score alone says nothing of the data there',
    )
  const { mean, scale } = moments
  if (mean.every((value) => Math.abs(value) <= LARGEST_DATA) && scale <= LARGEST_DATA) return
  throw new InputError(parameter, time, `a time before the end for data beyond ${LARGEST_DATA}`)
}
