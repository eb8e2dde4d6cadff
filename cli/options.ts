import { availableParallelism } from 'node:os'
import { type Command, Option } from 'commander'
import { BadInput } from '../src/io/bad-input.ts'
import { parseNumber } from '../src/io/read-file.ts'

/** The options that every command has. */
export interface SharedOptions {
  readonly json: boolean
  readonly seed: number
  readonly threads: number
  readonly quick: boolean
}

const LARGEST_SEED = 2 ** 31 - 1

/** Adds the options of `SharedOptions`; they may stand before or after the name of the command. */
export function addSharedOptions(program: Command): void {
  program
    .option('--json', 'print one JSON object on stdout', false)
    .addOption(
      integerOption('--seed <n>', 'seed of all random numbers', -LARGEST_SEED - 1, LARGEST_SEED).default(0),
    )
    .addOption(
      integerOption('--threads <n>', 'threads to use, where a command can', 1, 64).default(
        Math.min(64, availableParallelism()),
        'as many as the machine has',
      ),
    )
    .option('--quick', 'the small form of the work, where a command has one', false)
}

/**
 * An option whose value is read by a function of one's own.
 *
 * @param parse gets the text, the name of the option and, when it is given again, the value before; throws an InputError for what it does not take
 */
export function parsedOption<T>(
  flags: string,
  description: string,
  parse: (value: string, name: string, before: T | undefined) => T,
): Option {
  const option = new Option(flags, description)
  return option.argParser<T | undefined>((value, before) => {
    // commander takes whatever comes next, an option too
    if (value.startsWith('--'))
      throw new BadInput(`--${option.name()}`, 'has no value', `one before ${value}`)
    return parse(value, `--${option.name()}`, before)
  })
}

/** An option that takes a text, such as a file name. */
export function textOption(flags: string, description: string): Option {
  return parsedOption(flags, description, (value) => value)
}

/** An option that takes one of some words. */
export function choiceOption(flags: string, description: string, choices: readonly string[]): Option {
  return parsedOption(flags, `${description}: ${choices.join(', ')}`, (value, name) => {
    if (choices.includes(value)) return value
    throw new BadInput(name, `is ${JSON.stringify(value)}`, `one of ${choices.join(', ')}`)
  })
}

/** An option that takes a finite number. */
export function numberOption(flags: string, description: string): Option {
  return parsedOption(flags, description, (value, name) => {
    const number = parseNumber(value)
    if (number !== null && Number.isFinite(number)) return number
    throw new BadInput(name, `is ${JSON.stringify(value)}`, 'a finite number')
  })
}

/** An option that takes a time: a finite number, or Infinity for processes in which that is a time. */
export function timeOption(flags: string, description: string): Option {
  return parsedOption(flags, description, (value, name) => {
    if (/^\+?(infinity|inf|∞)$/i.test(value)) return Infinity
    const number = parseNumber(value)
    if (number !== null && Number.isFinite(number)) return number
    throw new BadInput(name, `is ${JSON.stringify(value)}`, 'a finite number, or Infinity')
  })
}

/** An option that takes a whole number from low to high. */
export function integerOption(
  flags: string,
  description: string,
  low: number,
  high = Number.MAX_SAFE_INTEGER,
): Option {
  return parsedOption(flags, description, (value, name) => {
    const number = parseNumber(value)
    if (Number.isSafeInteger(number) && Number(number) >= low && Number(number) <= high) return number
    const range = high === Number.MAX_SAFE_INTEGER ? `of at least ${low}` : `from ${low} to ${high}`
    throw new BadInput(name, `is ${JSON.stringify(value)}`, `a whole number ${range}`)
  })
}

/** An option that takes a whole number of at least `low`, or several separated by commas. */
export function integersOption(flags: string, description: string, low: number): Option {
  return parsedOption(flags, description, (value, name) =>
    value.split(',').map((part) => {
      const number = parseNumber(part)
      if (Number.isSafeInteger(number) && Number(number) >= low) return Number(number)
      throw new BadInput(
        name,
        `is ${JSON.stringify(value)}`,
        `whole numbers of at least ${low}, separated by commas`,
      )
    }),
  )
}

/** @throws InputError naming the first of these options that is not given */
export function checkGiven<T extends object>(options: T, ...names: (keyof T & string)[]): void {
  for (const name of names)
    if (options[name] === undefined) throw new BadInput(`--${name}`, 'is missing', 'it to be given')
}

/** Change no number. */
const LEFT_OUT = new Set(['--out', '--report', '--threads', '--json'])

/** The command line that a command was given, to be typed again, but for the options that change no number. */
export function commandInWords(command: Command): string {
  let root = command
  while (root.parent) root = root.parent
  // what parse was given: an old property of commander that its types leave out
  const { rawArgs } = root as Command & { readonly rawArgs: readonly string[] }
  const words: string[] = []
  for (let i = 0; i < rawArgs.length; i++) {
    const [name, value] = rawArgs[i].split('=', 2)
    if (!LEFT_OUT.has(name)) words.push(quoted(rawArgs[i]))
    else if (name !== '--json' && value === undefined) i++
  }
  return ['consistency-pde', ...words].join(' ')
}

function quoted(text: string): string {
  return /^[\w./:=,+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
