import { type Command, CommanderError } from 'commander'
import { InputError } from '../src/errors.ts'
import type { Io } from './io.ts'
import { failureSentence, isFolderGone } from './io.ts'
import { createProgram } from './program.ts'

/** Exit codes of the command line. */
export const exitCodes = { done: 0, failure: 1, badInput: 2, interrupted: 130 } as const

/**
 * Runs the command line.
 *
 * @param argv the arguments after the name of the program
 * @param program the commands, those named in `argv` by default
 * @returns the exit code: 0 done, 1 a failure of ours, 2 bad input, 130 interrupted. On 1 and 2 one plain sentence has
 * gone to stderr (and, on 1, a stack when the environment variable CONSISTENCY_PDE_DEBUG is set).
 */
export async function run(
  argv: readonly string[],
  io: Io,
  program: Command | Promise<Command> = createProgram(io, argv),
): Promise<number> {
  const known = await program
  try {
    await known.parseAsync(argv, { from: 'user' })
    return exitCodes.done
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.done
    if (io.signal?.aborted && error instanceof Error && error.name === 'AbortError') {
      io.stderr('Interrupted.\n')
      return exitCodes.interrupted
    }
    if (error instanceof InputError || error instanceof CommanderError) {
      const names = known.commands.map((command) => command.name()).join(', ')
      io.stderr(`${error instanceof InputError ? error.message : commanderSentence(error, names)}\n`)
      return exitCodes.badInput
    }
    io.stderr(`${failureSentence(error)}\n`)
    if (process.env.CONSISTENCY_PDE_DEBUG)
      io.stderr(`${error instanceof Error ? error.stack : String(error)}\n`)
    return isFolderGone(error) ? exitCodes.badInput : exitCodes.failure
  }
}

// "error: unknown option '--metod'\n(Did you mean --method?)" as a sentence
function commanderSentence(error: CommanderError, names: string): string {
  if (error.code === 'commander.help') return `No command is given; expected one of ${names}.`
  const [what, hint] = error.message.replace(/^error: /, '').split('\n')
  const sentence = what.replace(/\.$/, '')
  const more = hint ?? (error.code === 'commander.unknownCommand' ? `(expected one of ${names})` : '')
  return `${`${sentence} ${more}`.trim()}.`
}
