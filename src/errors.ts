/** Bad input: names the parameter, the value and what was expected, in one plain sentence. The command line exits with 2. */
export class InputError extends Error {
  readonly parameter: string

  constructor(parameter: string, value: unknown, expected: string) {
    super(`${oneLine(parameter)} is ${describe(value)}; expected ${oneLine(expected)}.`)
    this.name = 'InputError'
    this.parameter = parameter
  }
}

/**
 * Does it; an InputError about a parameter says where that came from, such as a key of a file or an option of the command line.
 *
 * @param place the name of a parameter there
 */
export async function namingInputs<T>(
  place: (parameter: string) => string,
  action: () => T,
): Promise<Awaited<T>> {
  try {
    return await action()
  } catch (error) {
    if (!(error instanceof InputError) || !error.message.startsWith(error.parameter)) throw error
    const { parameter, message } = error
    const renamed = new InputError(place(parameter), null, '')
    renamed.message = place(parameter) + message.slice(parameter.length)
    throw renamed
  }
}

/** A computation that could not be finished: says what happened and what to try. The command line exits with 1. */
export class ComputationError extends Error {
  override readonly name = 'ComputationError'
}

const LONGEST = 80
const LONGEST_LINE = 300

/**
 * A text from outside, such as a key, a formula or a file's name, for a sentence: without line breaks, control characters and marks that
 * turn the direction of writing, and not longer than a line or two.
 */
export function oneLine(text: string, longest = LONGEST_LINE): string {
  const line = text.replace(/[\s\p{Cc}\p{Bidi_Control}\u2028\u2029]+/gu, ' ')
  return line.length > longest ? `${line.slice(0, longest)}…` : line
}

function describe(value: unknown): string {
  if (value === undefined) return 'missing'
  if (typeof value === 'number' || typeof value === 'bigint') return String(value)
  const text = typeof value === 'function' ? 'a function' : (JSON.stringify(value) ?? String(value))
  return oneLine(text, LONGEST)
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
