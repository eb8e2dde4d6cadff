/** Bad input: names the parameter, the value and what was expected, in one plain sentence. The command line exits with 2. */
export class InputError extends Error {
  readonly parameter: string

  constructor(parameter: string, value: unknown, expected: string) {
    super(`${parameter} is ${describe(value)}; expected ${expected}.`)
    this.name = 'InputError'
    this.parameter = parameter
  }
}

/** A computation that could not be finished: says what happened and what to try. The command line exits with 1. */
export class ComputationError extends Error {
  override readonly name = 'ComputationError'
}

const LONGEST = 80

function describe(value: unknown): string {
  if (value === undefined) return 'missing'
  if (typeof value === 'number' || typeof value === 'bigint') return String(value)
  const text = typeof value === 'function' ? 'a function' : (JSON.stringify(value) ?? String(value))
  const line = text.replace(/\s+/g, ' ')
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line
}

/** Returns value if it is a finite number in [low, high] (or (low, high] with `open`), else throws an InputError. */
export function checkNumber(
  parameter: string,
  value: unknown,
  low: number,
  high = Infinity,
  open = false,
): number {
  const ok =
    typeof value === 'number' &&
    Number.isFinite(value) &&
    (open ? value > low : value >= low) &&
    value <= high
  if (ok) return value
  const from = open ? `above ${low}` : `at least ${low}`
  throw new InputError(
    parameter,
    value,
    `a finite number ${from}${high === Infinity ? '' : ` and at most ${high}`}`,
  )
}

/** Returns value if it is an integer in [low, high], else throws an InputError. */
export function checkInteger(
  parameter: string,
  value: unknown,
  low: number,
  high = Number.MAX_SAFE_INTEGER,
): number {
  if (Number.isSafeInteger(value) && (value as number) >= low && (value as number) <= high)
    return value as number
  throw new InputError(
    parameter,
    value,
    `an integer from ${low} to ${high === Number.MAX_SAFE_INTEGER ? '2^53 − 1' : high}`,
  )
}
